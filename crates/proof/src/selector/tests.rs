use super::*;

const BUCKET: &str = "arn:aws:s3:::b";
const BATCH_KEYS: &str = "the key of a batch delete";

fn selectors(json: &str) -> Selectors {
    Selectors::read(&serde_json::from_str(json).unwrap())
}

fn object(name: &'static str, arn: &str) -> Probe {
    let read_only = !name.starts_with("Delete");
    match name {
        BATCH_KEYS => Probe::of_a_key_of_a_batch_delete(FieldValue::Exactly(arn.to_owned())),
        _ => Probe::of_object(name, read_only, FieldValue::Exactly(arn.to_owned())),
    }
}

fn below(prefix: &str) -> Probe {
    let arn = FieldValue::Begins(format!("{BUCKET}/{prefix}"));
    Probe::of_object("GetObject", true, arn)
}

#[test]
fn a_new_trail_records_management_events_and_no_objects() {
    let default = r#"{"EventSelectors":[{"ReadWriteType":"All","IncludeManagementEvents":true,"DataResources":[],"ExcludeManagementEventSources":[]}]}"#;
    for selectors in [selectors(default), Selectors::of_a_new_trail()] {
        let mark = Probe::of_a_bucket_mark(BUCKET);
        assert_eq!(selectors.records(&mark), Recorded::Yes);
        let read = object("GetObject", "arn:aws:s3:::b/k");
        assert_eq!(selectors.records(&read), Recorded::No);
        assert_eq!(
            selectors.why_not(&read),
            "no selector is about data events of S3 objects"
        );
    }
    assert_eq!(Selectors::default().records(&below("")), Recorded::No);
}

// The guide's own example, with its verdicts of six objects.
#[test]
fn operators_select_and_deselect_as_the_guide_says() {
    let guide = selectors(
        r#"{"AdvancedEventSelectors":[{"Name":"S3Select","FieldSelectors":[
        {"Field":"eventCategory","Equals":["Data"]},
        {"Field":"resources.type","Equals":["AWS::S3::Object"]},
        {"Field":"resources.ARN","Equals":["arn:aws:s3:::b/object1"],
         "StartsWith":["arn:aws:s3:::b/"],"EndsWith":["object3"],
         "NotStartsWith":["arn:aws:s3:::b/deselect"],"NotEndsWith":["object5"],
         "NotEquals":["arn:aws:s3:::b/object6"]}]}]}"#,
    );
    let mut asked = 0;
    for (arn, wanted) in [
        ("arn:aws:s3:::b/object1", Recorded::Yes),
        ("arn:aws:s3:::b/object2", Recorded::Yes),
        ("arn:aws:s3:::b1/object3", Recorded::Yes),
        ("arn:aws:s3:::b/deselectObject4", Recorded::No),
        ("arn:aws:s3:::b/object5", Recorded::No),
        ("arn:aws:s3:::b/object6", Recorded::No),
        ("arn:aws:s3:::c/object7", Recorded::No),
    ] {
        assert_eq!(guide.records(&object("GetObject", arn)), wanted, "{arn}");
        asked += 1;
    }
    assert_eq!(asked, 7);
    // Of objects that are not named one by one, some are deselected.
    assert_eq!(guide.records(&below("")), Recorded::Depends);
    assert_eq!(guide.records(&below("deselect/")), Recorded::No);
}

// The guide's third example: two selectors that leave out the keys of batch
// deletes only together.
#[test]
fn keys_of_batch_deletes_can_be_left_out() {
    let guide = selectors(
        r#"{"AdvancedEventSelectors":[
        {"FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},
         {"Field":"resources.type","Equals":["AWS::S3::Object"]},
         {"Field":"eventName","NotEquals":["DeleteObject"]}]},
        {"FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},
         {"Field":"resources.type","Equals":["AWS::S3::Object"]},
         {"Field":"eventName","Equals":["DeleteObject"]},
         {"Field":"eventType","NotEquals":["AwsServiceEvent"]}]}]}"#,
    );
    let of = |name| guide.records(&object(name, "arn:aws:s3:::b/k"));
    assert_eq!(of("DeleteObject"), Recorded::Yes);
    assert_eq!(of("DeleteObjects"), Recorded::Yes);
    assert_eq!(of("GetObject"), Recorded::Yes);
    assert_eq!(of(BATCH_KEYS), Recorded::No);
    assert_eq!(
        guide.why_not(&object(BATCH_KEYS, "arn:aws:s3:::b/k")),
        "only where eventType NotEquals AwsServiceEvent"
    );
}

#[test]
fn basic_selectors_are_about_reads_or_writes_and_prefixes() {
    let of = |kind: &str, value: &str| {
        selectors(&format!(
            r#"{{"EventSelectors":[{{"ReadWriteType":"{kind}","IncludeManagementEvents":false,
            "DataResources":[{{"Type":"AWS::S3::Object","Values":["{value}"]}}]}}]}}"#
        ))
    };
    let delete = object("DeleteObject", "arn:aws:s3:::b/connect/a.wav");
    for everything in ["arn:aws:s3", "arn:aws:s3:::", "arn:aws:s3:::b/"] {
        assert_eq!(of("All", everything).records(&below("")), Recorded::Yes);
        assert_eq!(
            of("WriteOnly", everything).records(&below("")),
            Recorded::No
        );
        assert_eq!(of("WriteOnly", everything).records(&delete), Recorded::Yes);
        let batch = Probe::of_a_batch_delete(BUCKET);
        assert_eq!(of("All", everything).records(&batch), Recorded::Yes);
    }
    let scoped = of("All", "arn:aws:s3:::b/connect/");
    assert_eq!(scoped.records(&below("connect/acme/")), Recorded::Yes);
    assert_eq!(scoped.records(&below("Analysis/")), Recorded::No);
    assert_eq!(scoped.records(&below("")), Recorded::Depends);
    // A batch delete names no keys that could lie below a prefix.
    let batch = Probe::of_a_batch_delete(BUCKET);
    assert_eq!(scoped.records(&batch), Recorded::No);
    assert_eq!(
        scoped.why_not(&below("")),
        "only where resources.ARN StartsWith arn:aws:s3:::b/connect/"
    );
    let other = of("All", "arn:aws:s3:::bucket/");
    assert_eq!(other.records(&below("")), Recorded::No);
    // No management event is among them.
    let mark = Probe::of_a_bucket_mark(BUCKET);
    assert_eq!(other.records(&mark), Recorded::No);
}

#[test]
fn what_a_selector_says_of_reads_holds_for_management_events_too() {
    let writes = selectors(r#"{"EventSelectors":[{"ReadWriteType":"WriteOnly"}]}"#);
    let mark = Probe::of_a_bucket_mark(BUCKET);
    assert_eq!(writes.records(&mark), Recorded::No);
    assert_eq!(writes.why_not(&mark), "only where readOnly Equals false");
    let without_keys = selectors(
        r#"{"EventSelectors":[{"ExcludeManagementEventSources":["kms.amazonaws.com"]}]}"#,
    );
    assert_eq!(without_keys.records(&mark), Recorded::Yes);
}

#[test]
fn callers_and_consoles_can_be_left_out() {
    let of = |field: &str| {
        selectors(&format!(
            r#"{{"AdvancedEventSelectors":[{{"FieldSelectors":[
            {{"Field":"eventCategory","Equals":["Data"]}},
            {{"Field":"resources.type","Equals":["AWS::S3::Object"]}},{field}]}}]}}"#
        ))
    };
    let role = "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAmazonConnect_";
    let no_connect = of(&format!(
        r#"{{"Field":"userIdentity.arn","NotStartsWith":["{role}"]}}"#
    ));
    let by = |arn: &str| below("").by(FieldValue::Begins(arn.to_owned()));
    assert_eq!(no_connect.records(&below("")), Recorded::Depends);
    assert_eq!(no_connect.records(&by(role)), Recorded::No);
    let other = by("arn:aws:sts::111122223333:assumed-role/Admin/");
    assert_eq!(no_connect.records(&other), Recorded::Yes);
    let no_console = of(r#"{"Field":"sessionCredentialFromConsole","NotEquals":["true"]}"#);
    assert_eq!(no_console.records(&below("")), Recorded::Depends);
    let key = Probe::of_a_key_of_a_batch_delete(FieldValue::Any);
    assert_eq!(no_console.records(&key), Recorded::Yes);
    let unheard_of = of(r#"{"Field":"eventName","MatchesPattern":["Get*"]}"#);
    assert_eq!(unheard_of.records(&below("")), Recorded::Depends);
}

#[test]
fn recorded_requests_write_the_names_otherwise() {
    let recorded = selectors(
        r#"{"trailName":"main","eventSelectors":[{"dataResources":[
        {"type":"AWS::S3::Object","values":["arn:aws:s3:::b/"]}],
        "excludeManagementEventSources":[],"includeManagementEvents":false,"readWriteType":"ReadOnly"}]}"#,
    );
    assert_eq!(recorded.records(&below("")), Recorded::Yes);
    let recorded = selectors(
        r#"{"trailName":"main","advancedEventSelectors":[{"name":"x","fieldSelectors":[
        {"field":"eventCategory","equals":["Management"]}]}]}"#,
    );
    assert_eq!(recorded.records(&below("")), Recorded::No);
}
