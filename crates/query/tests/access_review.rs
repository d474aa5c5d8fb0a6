//! Verdicts on one access, with one thing changed at a time.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

#[path = "support/rows.rs"]
mod rows;

use std::sync::Arc;

use earwitness_parser::Reader;
use earwitness_query::{Ask, Batch, Evidence, Gathering, Library, ParameterValue, Scope, answer};
use rows::{Row, rows};
use serde_json::{Value, json};

const ANA: &str = "a0a0a0a0-0000-4000-8000-00000000000a";
const BEN: &str = "b0b0b0b0-0000-4000-8000-00000000000b";
const LISTENER: &str = "1a1a1a1a-0000-4000-8000-00000000000a";
const OTHER: &str = "2a2a2a2a-0000-4000-8000-00000000000a";
const NORTH: &str = "0f0f0f0f-0000-4000-8000-00000000000a";
const TEAM: &str = "1f1f1f1f-0000-4000-8000-00000000000a";
const SOUTH: &str = "2f2f2f2f-0000-4000-8000-00000000000a";
const CONTACT: &str = "12345678-90ab-cdef-1234-567890abcdef";
const INSTANCE: &str = "arn:aws:connect:us-west-2:111122223333:instance/EXAMPLE";

/// What the inputs are, by name.
#[derive(Clone)]
struct World(Vec<(String, Value)>);

impl World {
    /// Ana listens to a call on 2 March; the directory of 1 March lets her.
    fn granted() -> World {
        let mut world = World(Vec::new());
        world
            .set("log", read("2026-03-02T09:00:00Z"))
            .set(
                "2026-03-01/search-users.json",
                json!({"Users": [user(ANA, "ana", &[LISTENER])]}),
            )
            .set(
                "2026-03-01/list-security-profiles.json",
                json!({"SecurityProfileSummaryList": [
                    {"Id": LISTENER, "Name": "Listener"}, {"Id": OTHER, "Name": "Other"}]}),
            )
            .set(
                &format!("2026-03-01/permissions-{LISTENER}.json"),
                json!({"Permissions": ["ContactSearch.View", "CallRecordings.Unredacted.Access"]}),
            );
        world
    }

    fn set(&mut self, origin: &str, content: Value) -> &mut World {
        self.0.retain(|(known, _)| known != origin);
        self.0.push((origin.to_owned(), content));
        self
    }

    fn without(&mut self, part: &str) -> &mut World {
        let before = self.0.len();
        self.0.retain(|(origin, _)| !origin.contains(part));
        assert_eq!(self.0.len() + 1, before, "{part}");
        self
    }

    fn permissions(&mut self, names: &[&str]) -> &mut World {
        let origin = format!("2026-03-01/permissions-{LISTENER}.json");
        self.set(&origin, json!({"Permissions": names}))
    }

    /// Ana is limited to contacts of the North's agents.
    fn restricted(&mut self, group: Option<&str>) -> &mut World {
        let mut ana = user(ANA, "ana", &[LISTENER]);
        ana["HierarchyGroupId"] = json!(group);
        self.set("2026-03-01/search-users.json", json!({"Users": [ana]}))
            .permissions(&[
                "CallRecordings.Unredacted.Access",
                "RestrictContactAccessByHierarchy.View",
            ])
    }

    fn evidence(&self) -> Arc<Evidence> {
        let library = Library::shipped().unwrap();
        let report = library.find("access-review").unwrap();
        let mut reader = Reader::new(report.interest(), 1 << 20);
        let scope = Scope::default();
        let mut gathering = Gathering::default();
        for (origin, content) in &self.0 {
            let bytes = content.to_string().into_bytes();
            gathering.absorb(Batch::read(origin, &bytes, &mut reader, &scope.window));
        }
        let evidence = Arc::new(gathering.into_evidence(&scope));
        assert!(evidence.counts().reconcile(), "{}", evidence.counts());
        evidence
    }

    fn review(&self) -> Vec<Row> {
        let library = Library::shipped().unwrap();
        let report = library.find("access-review").unwrap();
        let ask = Ask {
            parameters: vec![("granted".to_owned(), ParameterValue::Integer(1))],
            ..Ask::default()
        };
        rows(&answer(report, &self.evidence(), &ask).unwrap())
    }

    /// Returns the only row.
    fn row(&self) -> Row {
        let mut rows = self.review();
        assert_eq!(rows.len(), 1, "{rows:#?}");
        rows.remove(0)
    }

    fn verdict(&self) -> String {
        self.row()["verdict"].as_str().unwrap().to_owned()
    }
}

fn user(id: &str, username: &str, profiles: &[&str]) -> Value {
    json!({"Id": id, "Arn": format!("{INSTANCE}/agent/{id}"), "Username": username,
        "IdentityInfo": {"FirstName": "A", "LastName": "B"}, "SecurityProfileIds": profiles})
}

fn summary(id: &str, username: &str) -> Value {
    json!({"Id": id, "Arn": format!("{INSTANCE}/agent/{id}"), "Username": username})
}

fn event(name: &str, time: &str, key: &str) -> Value {
    let role = "AWSServiceRoleForAmazonConnect_EXAMPLE";
    json!({"eventVersion": "1.11", "eventSource": "s3.amazonaws.com", "eventName": name,
        "eventID": format!("{name} {time} {key}"), "eventTime": time,
        "userIdentity": {"type": "AssumedRole", "accountId": "111122223333",
            "arn": format!("arn:aws:sts::111122223333:assumed-role/{role}/{ANA}"),
            "sessionContext": {"sessionIssuer": {"userName": role}}},
        "requestParameters": {"bucketName": "amazon-connect-example-recordings", "key": key}})
}

fn call() -> String {
    format!("connect/example-centre/CallRecordings/2026/03/01/{CONTACT}_20260301T15:00_UTC.wav")
}

fn read(time: &str) -> Value {
    json!({"Records": [event("GetObject", time, &call())]})
}

fn contact(agent: &Value) -> Value {
    json!({"AWSContactTraceRecordFormatVersion": "2017-03-10", "ContactId": CONTACT,
        "LastUpdateTimestamp": "2026-03-01T16:00:00Z", "Agent": agent})
}

fn agent(groups: &Value) -> Value {
    json!({"ARN": format!("{INSTANCE}/agent/{BEN}"), "Username": "ben", "HierarchyGroups": groups})
}

fn level(id: &str, name: &str) -> Value {
    json!({"ARN": format!("{INSTANCE}/agent-group/{id}"), "GroupName": name})
}

#[test]
fn a_granted_access_names_what_it_rests_on() {
    let row = World::granted().row();
    assert_eq!(row["verdict"], "granted");
    assert_eq!(row["access_right"], "listen");
    assert_eq!(row["actor"], "ana");
    assert_eq!(row["permission"], "CallRecordings.Unredacted.Access");
    assert_eq!(row["security_profiles"], "Listener");
    assert_eq!(row["basis"], "before");
    assert_eq!(row["valid_from"], "2026-03-01T00:00:00Z");
    assert_eq!(
        row["snapshot"],
        format!("2026-03-01/search-users.json, 2026-03-01/permissions-{LISTENER}.json")
    );
    assert_eq!(row["missing"], Value::Null);
}

#[test]
fn the_report_leaves_out_what_was_granted() {
    let library = Library::shipped().unwrap();
    let report = library.find("access-review").unwrap();
    let evidence = World::granted().evidence();
    let rows = answer(report, &evidence, &Ask::default()).unwrap();
    assert_eq!(rows.height(), 0);
}

#[test]
fn each_right_is_granted_by_its_current_and_by_its_legacy_name() {
    let analysis =
        format!("Analysis/Voice/2026/03/01/{CONTACT}_analysis_2026-03-01T15:10:00Z.json");
    let redacted = format!(
        "Analysis/Voice/Redacted/2026/03/01/{CONTACT}_call_recording_redacted_2026-03-01T15:10:00Z.wav"
    );
    let chat = format!("connect/a/ChatTranscripts/2026/03/01/{CONTACT}_20260301T15:00_UTC.json");
    let ivr = format!("connect/a/CallRecordings/ivr/2026/03/01/{CONTACT}_20260301T15:00_UTC.wav");
    let file = format!("connect/a/Attachments/chat/2026/03/01/{CONTACT}_20260301T15:00_UTC.txt");
    let cases = [
        (
            "GetObject",
            call(),
            "CallRecordings.Unredacted.Access",
            "granted",
        ),
        ("GetObject", call(), "ListenCallRecordings", "granted"),
        ("GetObject", call(), "ScreenRecording.Access", "granted"),
        (
            "GetObject",
            call(),
            "CallRecordings.Redacted.Access",
            "not-granted",
        ),
        ("GetObject", call(), "RedactedData.View", "not-granted"),
        ("GetObject", call(), "DownloadCallRecordings", "not-granted"),
        (
            "GetObject",
            call(),
            "callrecordings.unredacted.access",
            "not-granted",
        ),
        ("GetObject", call(), "ContactRecording.Access", "unknown"),
        (
            "GetObject",
            redacted.clone(),
            "CallRecordings.Redacted.Access",
            "granted",
        ),
        (
            "GetObject",
            redacted.clone(),
            "RedactedData.View",
            "granted",
        ),
        (
            "GetObject",
            redacted,
            "CallRecordings.Unredacted.Access",
            "not-granted",
        ),
        (
            "GetObject",
            chat.clone(),
            "ContactTranscripts.Unredacted.Access",
            "granted",
        ),
        ("GetObject", chat.clone(), "ListenCallRecordings", "granted"),
        (
            "GetObject",
            chat,
            "CallRecordings.Unredacted.Access",
            "not-granted",
        ),
        (
            "GetObject",
            analysis.clone(),
            "ContactTranscripts.Unredacted.Access",
            "granted",
        ),
        ("GetObject", analysis, "GraphTrends.View", "unknown"),
        (
            "GetObject",
            ivr.clone(),
            "AutomatedVoiceInteraction.Recordings.Unredacted.Access",
            "granted",
        ),
        (
            "GetObject",
            ivr,
            "CallRecordings.Unredacted.Access",
            "not-granted",
        ),
        ("GetObject", file, "ListenCallRecordings", "unknown"),
        ("DeleteObject", call(), "DeleteCallRecordings", "granted"),
        (
            "DeleteObject",
            call(),
            "CallRecordings.Unredacted.Access",
            "not-granted",
        ),
        ("DeleteObject", call(), "DownloadCallRecordings", "unknown"),
    ];
    for (name, key, permission, expected) in cases {
        let mut world = World::granted();
        world
            .set(
                "log",
                json!({"Records": [event(name, "2026-03-02T09:00:00Z", &key)]}),
            )
            .permissions(&["ContactSearch.View", permission]);
        let row = world.row();
        assert_eq!(row["verdict"], expected, "{permission} for {name} of {key}");
        let is_unknown = expected == "unknown";
        assert_eq!(row["missing"].is_null(), !is_unknown, "{row:#?}");
    }
}

#[test]
fn the_download_button_is_no_lock() {
    let mut download = event("GetObject", "2026-03-02T09:00:00Z", &call());
    download["additionalEventData"] = json!({"AuthenticationMethod": "QueryString"});
    download["requestParameters"]["response-content-disposition"] = json!("attachment");
    let cases = [
        (
            &["ListenCallRecordings", "DownloadCallRecordings"][..],
            "granted",
        ),
        (
            &[
                "CallRecordings.Unredacted.Access",
                "CallRecordings.Unredacted.DownloadButton",
            ],
            "granted",
        ),
        (&["CallRecordings.Unredacted.Access"], "no-download-button"),
        (&["CallRecordings.Unredacted.DownloadButton"], "not-granted"),
        (&[], "not-granted"),
    ];
    for (permissions, expected) in cases {
        let mut world = World::granted();
        world
            .set("log", json!({"Records": [download]}))
            .permissions(permissions);
        let row = world.row();
        assert_eq!(row["access_right"], "download");
        assert_eq!(row["verdict"], expected, "{permissions:?}");
    }
}

#[test]
fn what_nobody_listed_is_unknown_and_says_what_is_missing() {
    let mut no_permissions = World::granted();
    no_permissions.without("permissions-");
    let mut second_profile = World::granted();
    second_profile
        .set(
            "2026-03-01/search-users.json",
            json!({"Users": [user(ANA, "ana", &[LISTENER, OTHER])]}),
        )
        .permissions(&["ContactSearch.View"]);
    let mut no_profiles = World::granted();
    no_profiles.set(
        "2026-03-01/search-users.json",
        json!({"UserSummaryList": [summary(ANA, "ana")]}),
    );
    let mut no_users = World::granted();
    no_users.without("search-users");
    let mut somebody_else = World::granted();
    somebody_else.set(
        "2026-03-01/search-users.json",
        json!({"User": user(BEN, "ben", &[LISTENER])}),
    );
    let cases = [
        (
            no_permissions,
            "all permissions of Listener (list-security-profile-permissions)",
        ),
        (
            second_profile,
            "all permissions of Other (list-security-profile-permissions)",
        ),
        (
            no_profiles,
            "the person's security profiles (search-users or describe-user)",
        ),
        (
            no_users,
            "a whole list of users (list-users or search-users)",
        ),
        (
            somebody_else,
            "a whole list of users (list-users or search-users)",
        ),
    ];
    for (world, missing) in cases {
        let row = world.row();
        assert_eq!(row["verdict"], "unknown");
        assert_eq!(row["missing"], missing);
    }
}

#[test]
fn a_second_profile_adds_to_the_first() {
    let mut world = World::granted();
    world
        .set(
            "2026-03-01/search-users.json",
            json!({"Users": [user(ANA, "ana", &[LISTENER, OTHER])]}),
        )
        .permissions(&[])
        .set(
            &format!("2026-03-01/{OTHER}.json"),
            json!({"Permissions": ["ListenCallRecordings"]}),
        );
    let row = world.row();
    assert_eq!(row["verdict"], "granted");
    assert_eq!(row["security_profiles"], "Listener, Other");
}

#[test]
fn the_snapshot_that_held_at_the_time_counts() {
    let mut world = World::granted();
    world.set(
        "2026-03-10/search-users.json",
        json!({"Users": [user(ANA, "ana", &[OTHER])]}),
    );
    world.set(
        &format!("2026-03-01/permissions-{OTHER}.json"),
        json!({"Permissions": ["ContactSearch.View"]}),
    );
    let cases = [
        (
            "2026-02-20T09:00:00Z",
            "granted",
            "later",
            "2026-03-01T00:00:00Z",
        ),
        (
            "2026-03-09T23:59:59Z",
            "granted",
            "before",
            "2026-03-01T00:00:00Z",
        ),
        (
            "2026-03-10T00:00:00Z",
            "not-granted",
            "before",
            "2026-03-01T00:00:00Z",
        ),
    ];
    for (time, verdict, basis, valid_from) in cases {
        world.set("log", read(time));
        let row = world.row();
        assert_eq!(row["verdict"], verdict, "{time}");
        assert_eq!(row["basis"], basis, "{time}");
        assert_eq!(row["valid_from"], valid_from, "{time}");
    }
}

#[test]
fn the_content_dates_a_listing_before_its_name_does() {
    let mut world = World::granted();
    world.set(
        "2026-03-01/search-users.json",
        json!({"valid_from": "2026-03-05T00:00:00Z", "Users": [user(ANA, "ana", &[LISTENER])]}),
    );
    let row = world.row();
    assert_eq!(row["basis"], "later");
    assert_eq!(row["valid_from"], "2026-03-05T00:00:00Z");
}

#[test]
fn what_is_undated_says_so_and_yields_to_what_held() {
    let mut world = World::granted();
    world.without("search-users");
    world.set("users.json", json!({"Users": [user(ANA, "ana", &[OTHER])]}));
    world.set(
        "other.json",
        json!({"SecurityProfileId": OTHER, "Permissions": ["ContactSearch.View"]}),
    );
    let row = world.row();
    assert_eq!(row["verdict"], "not-granted");
    assert_eq!(row["basis"], "undated");
    assert_eq!(row["valid_from"], Value::Null);
    world.set(
        "2026-03-01/describe-user.json",
        json!({"User": user(ANA, "ana", &[LISTENER])}),
    );
    assert_eq!(world.row()["basis"], "before");
    assert_eq!(world.verdict(), "granted");
}

#[test]
fn who_is_not_in_the_whole_list_that_counts_has_left() {
    let gone = json!({"UserSummaryList": [summary(BEN, "ben")]});
    let mut world = World::granted();
    world.set("2026-03-02/list-users.json", gone.clone());
    let row = world.row();
    assert_eq!(row["verdict"], "left-directory");
    assert_eq!(row["snapshot"], "2026-03-02/list-users.json");
    assert_eq!(row["basis"], "before");

    // A page of a list, one user by itself, and another instance's list tell
    // nothing of her.
    let mut page = gone.clone();
    page["NextToken"] = json!("AAAA");
    let single = json!({"User": user(BEN, "ben", &[OTHER])});
    let arn = format!("{INSTANCE}-2/agent/{BEN}");
    let elsewhere = json!({"UserSummaryList": [{"Id": BEN, "Arn": arn, "Username": "ben"}]});
    for listing in [page.clone(), single, elsewhere] {
        world.set("2026-03-02/list-users.json", listing);
        assert_eq!(world.verdict(), "granted");
    }
    // The last page completes the list.
    world.set("2026-03-02/list-users.json", page);
    world.set(
        "2026-03-02/list-users-2.json",
        json!({"UserSummaryList": [summary(OTHER, "eve")]}),
    );
    let row = world.row();
    assert_eq!(row["verdict"], "left-directory");
    assert_eq!(
        row["snapshot"],
        "2026-03-02/list-users.json, 2026-03-02/list-users-2.json"
    );
    // And she may be on it.
    world.set(
        "2026-03-02/list-users-2.json",
        json!({"UserSummaryList": [summary(ANA, "ana")]}),
    );
    assert_eq!(world.verdict(), "granted");
}

#[test]
fn who_was_never_listed_is_not_said_to_have_left() {
    let mut world = World::granted();
    let users = |id| json!({"Users": [user(id, "ben", &[LISTENER])]});
    world.set("2026-03-01/search-users.json", users(BEN));
    assert_eq!(world.verdict(), "not-in-directory");
    // An agent before the list was made, and not in it.
    world.set(
        "contacts",
        contact(&json!({"ARN": format!("{INSTANCE}/agent/{ANA}"), "Username": "ana"})),
    );
    assert_eq!(
        world.verdict(),
        "not-in-directory",
        "the contact is later than the list"
    );
    world.set("2026-03-01/search-users.json", {
        let mut later = users(BEN);
        later["valid_from"] = json!("2026-03-01T18:00:00Z");
        later
    });
    assert_eq!(world.verdict(), "left-directory");
    world
        .set("2026-03-01/search-users.json", users(BEN))
        .without("contacts");
    // Listed for the first time after the access: new between the lists.
    world.set("2026-03-08/search-users.json", users(ANA));
    let row = world.row();
    assert_eq!(row["verdict"], "granted");
    assert_eq!(row["basis"], "later");
    // There at the time of the access, and not in a list made since.
    world.set("2026-03-08/search-users.json", users(BEN));
    world.without("2026-03-01/search");
    let row = world.row();
    assert_eq!(row["verdict"], "left-directory");
    assert_eq!(row["basis"], "later");
}

#[test]
fn a_restricted_person_reaches_their_group_and_those_below() {
    let inside =
        json!({"Level1": level(NORTH, "North"), "Level2": level(TEAM, "Team"), "Level3": null});
    let outside = json!({"Level1": level(SOUTH, "South")});
    let mut world = World::granted();
    world.restricted(Some(NORTH));
    world.set("contacts", contact(&agent(&inside)));
    assert_eq!(world.verdict(), "granted");

    world.set("contacts", contact(&agent(&outside)));
    let row = world.row();
    assert_eq!(row["verdict"], "outside-hierarchy");
    assert_eq!(row["agent_group"], "South");
    assert_eq!(row["restricted_to"], NORTH);
    world.set(
        "2026-03-01/groups.json",
        json!({"UserHierarchyGroupSummaryList": [{"Id": NORTH, "Name": "North"}]}),
    );
    assert_eq!(world.row()["restricted_to"], "North");

    // Above her own group is outside too.
    world.restricted(Some(TEAM));
    world.set(
        "contacts",
        contact(&agent(&json!({"Level1": level(NORTH, "North")}))),
    );
    assert_eq!(world.verdict(), "outside-hierarchy");

    // Without the restriction, a contact of anybody's is within reach.
    world.permissions(&["CallRecordings.Unredacted.Access"]);
    assert_eq!(world.verdict(), "granted");
    assert_eq!(world.row()["restricted_to"], Value::Null);
}

#[test]
fn without_groups_in_the_contact_record_the_directory_tells_them() {
    let mut world = World::granted();
    world.restricted(Some(NORTH));
    world.set("contacts", contact(&agent(&Value::Null)));
    let missing = "the agent's hierarchy group (search-users or describe-user)";
    assert_eq!(world.row()["missing"], missing);

    let mut ben = user(BEN, "ben", &[OTHER]);
    world.set("2026-03-01/ben.json", json!({"User": ben}));
    let row = world.row();
    assert_eq!(row["verdict"], "outside-hierarchy");
    assert_eq!(row["agent_group"], "none");

    ben["HierarchyGroupId"] = json!(NORTH);
    world.set("2026-03-01/ben.json", json!({"User": ben}));
    assert_eq!(world.verdict(), "granted");

    ben["HierarchyGroupId"] = json!(TEAM);
    world.set("2026-03-01/ben.json", json!({"User": ben}));
    let missing =
        format!("where the hierarchy group '{TEAM}' stands (describe-user-hierarchy-group)");
    assert_eq!(world.row()["missing"], missing);

    let team = |top: &str| {
        json!({"HierarchyGroup": {"Id": TEAM, "Name": "Team", "LevelId": "2",
            "HierarchyPath": {"LevelOne": {"Id": top}, "LevelTwo": {"Id": TEAM, "Name": "Team"}}}})
    };
    world.set("2026-03-01/team.json", team(NORTH));
    assert_eq!(world.verdict(), "granted");
    world.set("2026-03-01/team.json", team(SOUTH));
    let row = world.row();
    assert_eq!(row["verdict"], "outside-hierarchy");
    assert_eq!(row["agent_group"], "Team");
}

#[test]
fn what_a_restriction_means_without_an_agent_or_a_group_is_unknown() {
    let inside = json!({"Level1": level(NORTH, "North")});
    let own = json!({"ARN": format!("{INSTANCE}/agent/{ANA}"), "Username": "ana"});
    let cases = [
        (Some(NORTH), None, "unknown"),
        (Some(NORTH), Some(contact(&Value::Null)), "unknown"),
        (None, Some(contact(&agent(&inside))), "unknown"),
        (None, Some(contact(&own)), "granted"),
    ];
    for (group, record, expected) in cases {
        let mut world = World::granted();
        world.restricted(group);
        if let Some(record) = record {
            world.set("contacts", record);
        }
        assert_eq!(world.verdict(), expected);
    }
}

#[test]
fn permissions_of_nobody_are_a_reject_that_says_how_to_mend_it() {
    let mut world = World::granted();
    world.without("permissions-").set(
        "2026-03-01/permissions.json",
        json!({"Permissions": ["CallRecordings.Unredacted.Access"]}),
    );
    assert_eq!(world.verdict(), "unknown");
    assert_eq!(world.evidence().counts().rejected, 1);
    let mut reader = Reader::new(earwitness_parser::Interest::everything(), 1 << 20);
    let list = br#"{"Permissions":["x"]}"#;
    let batch = Batch::read(
        "a.json",
        list,
        &mut reader,
        &earwitness_query::Window::default(),
    );
    let reason = batch.rejects()[0].reason.to_string();
    assert!(
        reason.contains(r#"jq '. + {SecurityProfileId: "ID"}'"#),
        "{reason}"
    );
    world.set(
        "2026-03-01/permissions.json",
        json!({"Permissions": ["CallRecordings.Unredacted.Access"], "SecurityProfileId": LISTENER}),
    );
    assert_eq!(world.verdict(), "granted");
}

#[test]
fn pages_of_permissions_are_one_list() {
    let mut world = World::granted();
    world.permissions(&["ContactSearch.View"]);
    assert_eq!(world.verdict(), "not-granted");
    world.set(
        &format!("2026-03-01/permissions-{LISTENER}.json"),
        json!({"Permissions": ["ContactSearch.View"], "NextToken": "AAAA"}),
    );
    assert_eq!(world.verdict(), "unknown");
    world.set(
        &format!("2026-03-01/permissions-{LISTENER}-page-2.json"),
        json!({"Permissions": ["ListenCallRecordings"]}),
    );
    assert_eq!(world.verdict(), "granted");
}

#[test]
fn a_listing_read_twice_counts_once() {
    let world = World::granted();
    let once = world.evidence().counts().clone();
    assert_eq!((once.kept, once.duplicates), (5, 0));
    let mut twice = world.clone();
    for (origin, content) in &world.0 {
        // A day in a name is what makes it another snapshot.
        twice.set(&format!("copy/{origin}"), content.clone());
    }
    let counts = twice.evidence().counts().clone();
    assert_eq!((counts.kept, counts.duplicates), (5, 5));
    assert_eq!(twice.row(), world.row());
}

#[test]
fn only_what_connect_users_did_is_reviewed() {
    let mut denied = event("GetObject", "2026-03-02T09:00:00Z", &call());
    denied["errorCode"] = json!("AccessDenied");
    let mut outside = event("GetObject", "2026-03-02T09:00:00Z", &call());
    outside["userIdentity"] = json!({"type": "IAMUser", "userName": "mary"});
    let put = event("PutObject", "2026-03-02T09:00:00Z", &call());
    let mut world = World::granted();
    world
        .permissions(&[])
        .set("log", json!({"Records": [denied, outside, put]}));
    assert_eq!(world.review().len(), 0);
    let parts = ["09:00:00", "09:00:05", "09:00:11"];
    let parts = parts.map(|at| event("GetObject", &format!("2026-03-02T{at}Z"), &call()));
    world.set("log", json!({"Records": parts}));
    let row = world.row();
    assert_eq!(row["accesses"], 3);
    assert_eq!(row["first_at"], "2026-03-02T09:00:00Z");
    assert_eq!(row["last_at"], "2026-03-02T09:00:11Z");
}
