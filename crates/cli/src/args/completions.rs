use clap::Args;
use clap_complete::Shell;

use super::EXAMPLES_FIRST;

pub(crate) const EXAMPLES: &str = "\
Examples:
  earwitness completions bash > ~/.local/share/bash-completion/completions/earwitness
  earwitness completions zsh > ~/.zfunc/_earwitness
  earwitness completions fish > ~/.config/fish/completions/earwitness.fish";

/// Prints a script that completes commands in a shell.
#[derive(Args, Debug)]
#[command(help_template = EXAMPLES_FIRST, before_help = EXAMPLES)]
pub(crate) struct CompletionsArgs {
    /// Shell that the script is for.
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}
