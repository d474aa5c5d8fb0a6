//! The manual page and the shells' completions, both made from the arguments.

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::args::Args;
use crate::exit::Exit;

/// Writes the manual page in roff: every command on one page.
///
/// # Errors
/// Those of the output.
pub(crate) fn write_man(out: &mut dyn Write) -> io::Result<()> {
    let mut command = Args::command();
    command.build();
    // The sections below say what its own list would.
    let page = Man::new(command.clone());
    page.render_title(out)?;
    page.render_name_section(out)?;
    page.render_synopsis_section(out)?;
    page.render_description_section(out)?;
    write_examples(&command, out)?;
    for subcommand in command.get_subcommands() {
        write_command(subcommand, out)?;
    }
    writeln!(out, ".SH \"EXIT STATUS\"")?;
    for exit in Exit::ALL {
        writeln!(out, ".TP\n{}\n{}", exit.code(), escaped(exit.meaning()))?;
    }
    page.render_version_section(out)
}

/// Writes the script that completes commands in a shell.
pub(crate) fn write_completions(shell: Shell, out: &mut dyn Write) -> io::Result<()> {
    // The generator panics where a write fails, so it gets memory.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "earwitness", &mut script);
    out.write_all(&script)
}

fn write_command(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    let page = Man::new(command.clone());
    let mut section = Vec::new();
    page.render_synopsis_section(&mut section)?;
    page.render_description_section(&mut section)?;
    write_examples(command, &mut section)?;
    page.render_options_section(&mut section)?;
    let section = String::from_utf8_lossy(&section);
    writeln!(out, ".SH \"{}\"", command.get_name().to_uppercase())?;
    out.write_all(section.replace(".SH ", ".SS ").as_bytes())
}

fn write_examples(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    let Some(examples) = command.get_before_help() else {
        return Ok(());
    };
    writeln!(out, ".SH EXAMPLES\n.nf")?;
    for line in examples.to_string().lines().skip(1) {
        writeln!(out, "{}", escaped(line.trim_start()))?;
    }
    writeln!(out, ".fi")
}

/// Keeps roff from reading a text as its own, and from typesetting options.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    let text = text.replace('\'', "\\(aq").replace('~', "\\(ti");
    match text.strip_prefix('.') {
        Some(rest) => format!("\\&.{rest}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn the_manual_has_every_command_and_option() {
        let mut page = Vec::new();
        write_man(&mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        for text in [
            ".SH EXAMPLES\n",
            ".SH \"REPORT\"\n",
            ".SS EXAMPLES\n",
            "\\-\\-max\\-inflated\\-bytes",
            ".SH \"REPORTS\"\n",
            "\\-\\-columns",
            ".SH \"COMPLETIONS\"\n",
            ".TP\n130\ninterrupted\n",
        ] {
            assert!(page.contains(text), "no {text:?} in\n{page}");
        }
    }

    #[test]
    fn every_shell_gets_a_script() {
        for shell in Shell::value_variants() {
            let mut script = Vec::new();
            write_completions(*shell, &mut script).unwrap();
            let script = String::from_utf8(script).unwrap();
            assert!(script.contains("who-deleted") || script.contains("max-inflated-bytes"));
        }
    }
}
