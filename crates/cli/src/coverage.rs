//! Says which hours the log files cover.

use chrono::Utc;
use earwitness_parser::Timestamp;
use earwitness_proof::{Asked, Coverage, Stretch, Verdict, Verification};

use crate::args::CoverageArgs;
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::survey::{public_keys, survey_all, write_rows};
use crate::window::Window;

const COLUMNS: [&str; 7] = [
    "account_id",
    "region",
    "from",
    "until",
    "hours",
    "state",
    "why",
];

pub(crate) fn run(args: &CoverageArgs) -> Result<Exit, Failure> {
    let window = Window::new(args.since, args.until, Utc::now()).map_err(Failure::usage)?;
    let keys = public_keys(args.trail.public_keys.as_deref())?;
    let examined = survey_all(&args.trail.session()?)?;
    let verification = Verification::of(&examined, &keys);
    let window = crate::question::micros(window);
    let asked = Asked {
        since: window.since,
        until: window.until,
        trail: args.trail_name.as_deref(),
    };
    let coverage = Coverage::of(&examined, &verification, asked)?;
    let stretches = match args.hours {
        true => coverage.hours.clone(),
        false => coverage.stretches(),
    };
    let rows = stretches.iter().map(row).collect();
    write_rows(COLUMNS, COLUMNS.len(), rows, args.output)?;
    if !args.trail.how.quiet {
        console::say(&coverage.to_string());
    }
    let unread = verification.counts().contains_key(&Verdict::Unread);
    let lacking = args.require_coverage && !coverage.is_full();
    Ok(match unread || lacking {
        true => Exit::Incomplete,
        false => Exit::Ok,
    })
}

fn row(stretch: &Stretch) -> [Option<String>; COLUMNS.len()] {
    [
        Some(stretch.account_id.clone()),
        Some(stretch.region.clone()),
        Some(Timestamp(stretch.from).to_string()),
        Some(Timestamp(stretch.until).to_string()),
        Some(stretch.hours.to_string()),
        Some(stretch.state.name().to_owned()),
        stretch.why.clone(),
    ]
}
