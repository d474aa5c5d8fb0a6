//! Which events of the places where recordings lie are recorded, by which trail.

use earwitness_parser::Timestamp;

use crate::diagnosis::answer::{Answer, Finding, Question, unknown};
use crate::diagnosis::history::History;
use crate::diagnosis::repair::Repair;
use crate::diagnosis::trail::Trail;
use crate::diagnosis::{Case, Place};
use crate::json_member::text;
use crate::selector::{FieldValue, Probe, Recorded, Selectors};
use crate::settings::{Call, Reply, Settings};

/// What has to be recorded.
pub(crate) const KINDS: [Question; 5] = [
    Question::WhoDeleted,
    Question::BatchDeletes,
    Question::BatchDeleteKeys,
    Question::WhoListened,
    Question::BucketMark,
];

/// The trails beside what they have to record.
pub(crate) struct Recording<'a> {
    case: &'a Case<'a>,
    trails: Result<Vec<Trail<'a>>, Option<&'a Reply>>,
    regions: Vec<Option<String>>,
    history: History,
    /// The place of the trail that records most, or comes closest.
    chosen: Option<usize>,
}

/// What one trail is to one question.
struct Judged {
    answer: Answer,
    reasons: Vec<String>,
    policy: Option<String>,
}

impl<'a> Recording<'a> {
    pub(crate) fn of(
        settings: &'a Settings,
        case: &'a Case<'a>,
        trails: Result<Vec<Trail<'a>>, Option<&'a Reply>>,
    ) -> Recording<'a> {
        let region = |place: &Place| region(settings, &place.bucket);
        let mut recording = Recording {
            case,
            trails,
            regions: case.places.iter().map(region).collect(),
            history: History::of(settings),
            chosen: None,
        };
        recording.chosen = recording.choose();
        recording
    }

    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    /// Returns the trail that records most, or comes closest.
    pub(crate) fn chosen(&self) -> Option<&Trail<'a>> {
        self.trails.as_ref().ok()?.get(self.chosen?)
    }

    /// Returns the region of the first bucket, where it is known.
    pub(crate) fn first_region(&self) -> Option<&str> {
        self.regions.iter().flatten().next().map(String::as_str)
    }

    fn choose(&self) -> Option<usize> {
        let trails = self.trails.as_ref().ok()?.iter().enumerate();
        let worth = |trail: &Trail<'_>| {
            let answers = self.regions.iter().zip(self.case.places);
            let answers = answers.flat_map(|(region, place)| {
                let region = region.as_deref();
                KINDS.map(|question| judge(trail, place, region, question).answer as u32)
            });
            let is_known = trail.known_selectors().is_some();
            (is_known, answers.sum::<u32>(), !trail.is_of_organization)
        };
        // Of equals the first.
        trails
            .rev()
            .max_by_key(|(_, trail)| worth(trail))
            .map(|(place, _)| place)
    }

    /// Tells which of all kinds a trail with other selectors would not record.
    pub(crate) fn not_recorded_by(
        &self,
        trail: &Trail<'_>,
        selectors: &Selectors,
    ) -> Vec<Question> {
        let mut lacking = KINDS.to_vec();
        lacking.retain(|question| {
            let mut places = self.case.places.iter();
            places.any(|place| {
                let (recorded, _) = records(trail, selectors, place, *question);
                recorded != Recorded::Yes
            })
        });
        lacking
    }

    pub(crate) fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let repair = Repair::of(self, self.case.places);
        for (place, region) in self.case.places.iter().zip(&self.regions) {
            for question in [Question::TrailOn].into_iter().chain(KINDS) {
                let finding = self.finding(place, region.as_deref(), question);
                let finding = match finding.answer {
                    Answer::No | Answer::Partly => repair.mend(finding),
                    _ if self.is_without_trails() => repair.mend(finding),
                    Answer::Unknown | Answer::Yes => finding,
                };
                findings.push(finding.about(&place.bucket));
            }
        }
        findings
    }

    /// Tells whether a bucket is in a region that a trail does not cover.
    pub(crate) fn is_elsewhere(&self, trail: &Trail<'_>) -> bool {
        let mut regions = self.regions.iter().flatten();
        !trail.is_multi_region && regions.any(|region| region != trail.home_region)
    }

    pub(crate) fn is_without_trails(&self) -> bool {
        self.trails.as_ref().is_ok_and(Vec::is_empty)
    }

    fn finding(&self, place: &Place, region: Option<&str>, question: Question) -> Finding {
        let trails = match &self.trails {
            Ok(trails) => trails,
            Err(reply) => return Finding::unknown(question, Call::DescribeTrails, *reply),
        };
        let judged = trails
            .iter()
            .map(|trail| (trail, judge(trail, place, region, question)));
        let judged: Vec<(&Trail<'_>, Judged)> = judged.collect();
        let Some(best) = judged.iter().map(|(_, judged)| judged.answer).max() else {
            // What is kept without a trail is not seen from here.
            return match question {
                Question::TrailOn => Finding::new(question, Answer::No, "there is no trail"),
                _ => Finding::new(
                    question,
                    Answer::Unknown,
                    "there is no trail; events may still be kept without one, in an event data store or \
                     in CloudWatch Logs: look there",
                ),
            };
        };
        let best = judged.iter().filter(|(_, judged)| judged.answer == best);
        let best: Vec<&(&Trail<'_>, Judged)> = best.collect();
        let [(trail, first), ..] = best.as_slice() else {
            return Finding::new(question, Answer::Unknown, "no trail was judged");
        };
        let mut finding = Finding::new(question, first.answer, "");
        finding.trail =
            (first.answer != Answer::No || best.len() == 1).then(|| trail.arn.to_owned());
        finding.policy.clone_from(&first.policy);
        finding.why = if first.answer == Answer::Yes {
            self.why_yes(trail, place, question, &mut finding)
        } else {
            let why = best.iter().take(5).map(|(trail, judged)| {
                format!("trail {}: {}", trail.name, judged.reasons.join("; "))
            });
            why.collect::<Vec<_>>().join("; ")
        };
        finding
    }

    /// Says since when it has been so, and what to know beside.
    fn why_yes(
        &self,
        trail: &Trail<'_>,
        place: &Place,
        question: Question,
        finding: &mut Finding,
    ) -> String {
        let mut why = format!("trail {} records it", trail.name);
        if question == Question::TrailOn {
            finding.since = trail.time("StartLoggingTime");
            return format!("trail {} is on", trail.name);
        }
        let is_recorded =
            |selectors: &Selectors| records(trail, selectors, place, question).0 == Recorded::Yes;
        finding.since = self.history.since(trail, self.case.now, &is_recorded);
        if finding.since.is_none() {
            why.push_str("; since when is not known");
        }
        if trail.aggregates() && question != Question::BucketMark {
            why.push_str("; it sums data events up too, which name no person");
        }
        why
    }
}

fn judge(trail: &Trail<'_>, place: &Place, region: Option<&str>, question: Question) -> Judged {
    let mut judged = Judged {
        answer: Answer::Yes,
        reasons: Vec::new(),
        policy: None,
    };
    match trail.is_logging() {
        Some(true) => {}
        Some(false) => {
            let since = trail.time("StopLoggingTime");
            let since = since.map(|time| format!(" since {}", Timestamp(time)));
            judged.lack(
                Answer::No,
                format!("it is off{}", since.unwrap_or_default()),
            );
        }
        None => judged.lack_reply(Call::GetTrailStatus, trail.status),
    }
    match region {
        _ if trail.is_multi_region => {}
        Some(region) if region == trail.home_region => {}
        Some(region) => judged.lack(
            Answer::No,
            format!(
                "it records {} only, and the bucket is in {region}",
                trail.home_region
            ),
        ),
        None => judged.lack(
            Answer::Unknown,
            format!(
                "it records {} only, and the bucket's region is not known",
                trail.home_region
            ),
        ),
    }
    if question == Question::TrailOn {
        return judged;
    }
    let Some(selectors) = trail.known_selectors() else {
        judged.lack_reply(Call::GetEventSelectors, trail.selectors);
        return judged;
    };
    match records(trail, &selectors, place, question) {
        (Recorded::Yes, _) => {}
        (Recorded::No, why) => judged.lack(Answer::No, why),
        (Recorded::Depends, why) => judged.lack(Answer::Partly, why),
    }
    judged
}

impl Judged {
    fn lack(&mut self, answer: Answer, reason: String) {
        self.answer = self.answer.min(answer);
        self.reasons.push(reason);
    }

    fn lack_reply(&mut self, call: Call, reply: Option<&Reply>) {
        let (why, policy) = unknown(call, reply);
        self.lack(Answer::Unknown, why);
        self.policy = self.policy.take().or(policy);
    }
}

/// Tells whether selectors take all events of a kind in a place, and why not.
fn records(
    trail: &Trail<'_>,
    selectors: &Selectors,
    place: &Place,
    question: Question,
) -> (Recorded, String) {
    let probes = probes(trail, place, question);
    let recorded = probes.iter().map(|probe| selectors.records(probe));
    let recorded: Vec<Recorded> = recorded.collect();
    let worst = recorded.iter().min().copied().unwrap_or(Recorded::No);
    let best = recorded.iter().max().copied().unwrap_or(Recorded::No);
    if worst == Recorded::Yes {
        return (worst, String::new());
    }
    let first = recorded.iter().position(|recorded| *recorded == worst);
    let probe = &probes[first.unwrap_or(0)];
    let mut why = selectors.why_not(probe);
    // What Connect itself does for its users is what matters most.
    let by_connect = probe.clone().by(connect(trail));
    let leaves_connect_out =
        worst == Recorded::Depends && selectors.records(&by_connect) == Recorded::No;
    if leaves_connect_out {
        why.push_str(", which leaves out Connect's own role, and with it all users of Connect");
    }
    match (leaves_connect_out, best) {
        (true, _) | (false, Recorded::No) => (Recorded::No, why),
        (false, _) => (Recorded::Depends, why),
    }
}

fn probes(trail: &Trail<'_>, place: &Place, question: Question) -> Vec<Probe> {
    let bucket = format!("arn:{}:s3:::{}", partition(trail.home_region), place.bucket);
    let anywhere = [String::new()];
    let prefixes = match place.prefixes.as_slice() {
        [] => &anywhere,
        prefixes => prefixes,
    };
    let objects = || {
        let each = prefixes.iter();
        each.map(|prefix| FieldValue::Begins(format!("{bucket}/{prefix}")))
    };
    match question {
        Question::WhoDeleted => objects()
            .map(|arn| Probe::of_object("DeleteObject", false, arn))
            .collect(),
        Question::WhoListened => objects()
            .map(|arn| Probe::of_object("GetObject", true, arn))
            .collect(),
        Question::BatchDeleteKeys => objects().map(Probe::of_a_key_of_a_batch_delete).collect(),
        Question::BatchDeletes => vec![Probe::of_a_batch_delete(&bucket)],
        _ => vec![Probe::of_a_bucket_mark(&bucket)],
    }
}

/// Returns how the sessions begin that Connect acts in for its users.
///
/// Source: Amazon Connect Administrator Guide, "Use service-linked roles".
fn connect(trail: &Trail<'_>) -> FieldValue {
    let partition = partition(trail.home_region);
    let account = trail.account_id().unwrap_or_default();
    FieldValue::Begins(format!(
        "arn:{partition}:sts::{account}:assumed-role/AWSServiceRoleForAmazonConnect_"
    ))
}

/// Returns the part of AWS that a region is in, as ARNs name it.
pub(crate) fn partition(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// Returns a bucket's region. The oldest answers name none, or a continent.
///
/// Source: Amazon S3 API Reference, `GetBucketLocation`.
pub(crate) fn region(settings: &Settings, bucket: &str) -> Option<String> {
    match settings.get(Call::GetBucketLocation, bucket)? {
        Reply::Said(said) => Some(match text(said, "LocationConstraint") {
            None => "us-east-1".to_owned(),
            Some("EU") => "eu-west-1".to_owned(),
            Some(region) => region.to_owned(),
        }),
        Reply::Refused(_) => None,
    }
}
