//! Lists the tables that reports ask.

use std::io::{self, Write};

use anyhow::anyhow;
use earwitness_export::visible;
use earwitness_query::Table;

use crate::console;
use crate::failure::Failure;
use crate::suggestion::did_you_mean;

pub(crate) fn run(name: Option<&str>) -> Result<(), Failure> {
    let Some(name) = name else {
        console::write_out(|out| {
            Table::ALL
                .into_iter()
                .try_for_each(|table| list(table, out))
        })?;
        return Ok(());
    };
    match Table::ALL.into_iter().find(|table| table.name() == name) {
        Some(table) => console::write_out(|out| list(table, out))?,
        None => {
            return Err(Failure::usage(anyhow!(
                "there is no table '{}'.{} `earwitness tables` lists them",
                visible(name),
                did_you_mean(name, Table::ALL.map(Table::name))
            )));
        }
    }
    Ok(())
}

fn list(table: Table, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: {}", table.name(), table.meaning())?;
    for column in table.columns() {
        let (name, kind) = (column.name, column.type_name);
        writeln!(out, "  {name:<22} {kind:<11} {}", column.meaning)?;
    }
    writeln!(out)
}
