//! Says what to change, ready to be pasted.

use earwitness_export::visible;
use earwitness_proof::{Answer, Diagnosis, Finding};

use crate::console;
use crate::days::Days;

/// Says what changes each answer that is not yes, what several need once.
pub(crate) fn say(diagnosis: &Diagnosis, keep: Days) {
    let mut said: Vec<&[String]> = Vec::new();
    for finding in &diagnosis.findings {
        if !has_change(finding) || said.contains(&finding.commands.as_slice()) {
            continue;
        }
        if finding.commands.is_empty() {
            console::say(&format!("to change {}:", named(finding)));
        } else {
            let same = diagnosis.findings.iter();
            let same = same.filter(|other| other.commands == finding.commands);
            let names: Vec<String> = same.map(named).collect();
            console::say(&format!("to change {}:", names.join(", ")));
            said.push(&finding.commands);
        }
        for command in &finding.commands {
            console::say(&format!("  {}", visible(command)));
        }
        if let Some(console) = &finding.console {
            console::say(&format!("  in the console: {}", visible(console)));
        }
    }
    let mut policies: Vec<&str> = Vec::new();
    for finding in &diagnosis.findings {
        if let Some(policy) = &finding.policy
            && !policies.contains(&policy.as_str())
        {
            console::say(&format!("to know {}, add to the policy:", named(finding)));
            console::say(&format!("  {}", visible(policy)));
            policies.push(policy);
        }
    }
    let count = |answer| {
        let findings = diagnosis.findings.iter();
        let count = findings.filter(|finding| finding.answer == answer).count();
        (count > 0).then(|| format!("{} {count}", answer.name()))
    };
    let counts = [Answer::Yes, Answer::Partly, Answer::No, Answer::Unknown];
    let counts: Vec<String> = counts.into_iter().filter_map(count).collect();
    console::say(&format!(
        "{} answers: {}; logs are to be kept for {} days",
        diagnosis.findings.len(),
        counts.join(", "),
        keep.0
    ));
}

fn has_change(finding: &Finding) -> bool {
    !finding.commands.is_empty() || finding.console.is_some()
}

fn named(finding: &Finding) -> String {
    let name = finding.question.name();
    match &finding.bucket {
        Some(bucket) => format!("{name} of {}", visible(bucket)),
        None => name.to_owned(),
    }
}
