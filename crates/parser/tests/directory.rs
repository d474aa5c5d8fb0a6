//! Reads what Connect's listing operations print: each entry once, with what its
//! document says of when it held and of how much there is.

use earwitness_parser::{DirectoryEntry, Extent, Interest, Item, Reader, Timestamp};

const PROFILE: &str = "5a5a5a5a-0000-4000-8000-00000000000a";
const MARCH: Option<Timestamp> = Some(Timestamp(1_772_323_200_000_000));

/// Returns each entry, pass or reject, as one line.
fn read_as(interest: Interest, json: &str) -> Vec<String> {
    let mut lines = Vec::new();
    Reader::new(interest, 1 << 20).read(json.as_bytes(), &mut |item| {
        lines.push(match item {
            Item::Directory { entry, listing, .. } => {
                let said = match entry {
                    DirectoryEntry::User(user) => {
                        format!("user {}", user.username.as_str())
                    }
                    DirectoryEntry::SecurityProfile(profile) => {
                        format!("profile {}", profile.name.as_str())
                    }
                    DirectoryEntry::Permissions(list) => {
                        let names: Vec<&str> =
                            list.permissions.0.iter().map(|n| n.as_str()).collect();
                        let of = list.security_profile_id.get().unwrap_or("nobody");
                        format!("permissions of {of}: {}", names.join(" "))
                    }
                    DirectoryEntry::HierarchyGroup(group) => {
                        let path: Vec<&str> = group.path_ids().collect();
                        format!("group {} at {}", group.name.as_str(), path.join("/"))
                    }
                };
                let when = match listing.valid_from {
                    MARCH => "March",
                    Some(_) => "another time",
                    None => "undated",
                };
                let extent = match listing.extent {
                    Extent::Single => "single",
                    Extent::Page => "page",
                    Extent::Last => "last",
                };
                format!("{said}, {when}, {extent}")
            }
            Item::Passed(passed) => passed.name().to_owned(),
            Item::Reject(reject) => format!("reject: {}", reject.reason),
            other => panic!("{other:?}"),
        });
    });
    lines
}

fn read(json: &str) -> Vec<String> {
    read_as(Interest::everything(), json)
}

#[test]
fn each_operation_of_the_directory_is_read() {
    let arn = "arn:aws:connect:us-west-2:111122223333:instance/EXAMPLE";
    let cases = [
        (
            r#"{"valid_from":"2026-03-01","UserSummaryList":[{"Id":"1","Arn":"ARN/agent/1","Username":"ana"},
               {"Id":"2","Arn":"ARN/agent/2","Username":"ben"}],"NextToken":"AAAA"}"#,
            vec!["user ana, March, page", "user ben, March, page"],
        ),
        (
            r#"{"Users":[{"Id":"1","Username":"ana","SecurityProfileIds":["p"]}],"valid_from":"2026-03-01T00:00:00Z"}"#,
            vec!["user ana, March, last"],
        ),
        (
            r#"{"User":{"Id":"1","Username":"ana"},"valid_from":"2026-03-01"}"#,
            vec!["user ana, March, single"],
        ),
        (
            r#"{"Id":"1","Username":"ana","SecurityProfileIds":["p"],"valid_from":"2026-03-01"}"#,
            vec!["user ana, March, single"],
        ),
        (
            r#"{"SecurityProfileSummaryList":[{"Id":"p","Arn":"ARN/security-profile/p","Name":"Agent"}]}"#,
            vec!["profile Agent, undated, last"],
        ),
        (
            r#"{"SecurityProfiles":[{"Id":"p","SecurityProfileName":"Agent"}],"NextToken":""}"#,
            vec!["profile Agent, undated, last"],
        ),
        (
            r#"{"SecurityProfile":{"Id":"p","SecurityProfileName":"Agent","AllowedAccessControlHierarchyGroupId":"g"}}"#,
            vec!["profile Agent, undated, single"],
        ),
        (
            r#"{"Permissions":["ContactSearch.View","ListenCallRecordings"],"LastModifiedTime":1772323200.0}"#,
            vec!["permissions of nobody: ContactSearch.View ListenCallRecordings, undated, last"],
        ),
        (
            r#"{"SecurityProfileId":"p","Permissions":[],"NextToken":"A","valid_from":"2026-03-01"}"#,
            vec!["permissions of p: , March, page"],
        ),
        (
            r#"{"UserHierarchyGroupSummaryList":[{"Id":"g","Arn":"ARN/agent-group/g","Name":"North"}]}"#,
            vec!["group North at , undated, last"],
        ),
        (
            r#"{"HierarchyGroup":{"Id":"g","Name":"North","LevelId":"2","HierarchyPath":
               {"LevelOne":{"Id":"all"},"LevelTwo":{"Id":"g","Name":"North"}}}}"#,
            vec!["group North at all/g, undated, single"],
        ),
        (
            r#"{"UserHierarchyGroups":[{"Id":"g","Name":"North","HierarchyPath":{"LevelOne":{"Id":"g"}}}]}"#,
            vec!["group North at g, undated, last"],
        ),
    ];
    for (json, expected) in cases {
        let json = json.replace("ARN", arn);
        assert_eq!(read(&json), expected, "{json}");
    }
}

#[test]
fn a_listing_says_nothing_of_the_next_one() {
    let json = r#"{"Users":[{"Id":"1","Username":"ana"}],"valid_from":"2026-03-01","NextToken":"A"}
        {"Users":[{"Id":"2","Username":"ben"}]}"#;
    assert_eq!(
        read(json),
        ["user ana, March, page", "user ben, undated, last"]
    );
}

#[test]
fn what_is_wrong_is_named() {
    let cases = [
        (
            r#"{"SecurityProfileSummaryList":[{"Name":"Agent"}]}"#,
            "Id and a Connect Arn are expected",
        ),
        (
            r#"{"SecurityProfileSummaryList":[{"Id":"p","Arn":"arn:aws:iot:::p"}]}"#,
            "Id and a Connect Arn are expected",
        ),
        (
            r#"{"UserHierarchyGroupSummaryList":[{"Id":"","Name":"North"}]}"#,
            "Id and a Connect Arn are expected",
        ),
        (
            r#"{"Permissions":["ContactSearch.View",{"Name":"x"}]}"#,
            "something that is no name",
        ),
        (r#"{"Permissions":"ContactSearch.View"}"#, "a JSON object"),
        (r#"{"Permissions":{"a":1}}"#, "a JSON object"),
        (
            r#"{"SecurityProfileSummaryList":["Agent"]}"#,
            "a string stands where a record should be",
        ),
    ];
    for (json, why) in cases {
        let lines = read(json);
        assert_eq!(lines.len(), 1, "{lines:?}");
        let is_named = lines[0].starts_with("reject: ") && lines[0].contains(why);
        assert!(is_named, "{json}: {lines:?}");
    }
    let undated = read(r#"{"Users":[{"Id":"1","Username":"ana"}],"valid_from":"spring"}"#);
    assert_eq!(undated.len(), 2);
    assert!(undated[0].contains("valid_from is '\"spring\"', no time"));
    assert_eq!(undated[1], "user ana, undated, last");
}

#[test]
fn of_a_damaged_listing_the_entries_before_the_damage_are_read() {
    let json = r#"{"valid_from":"2026-03-01","Users":[{"Id":"1","Username":"ana"},{"Id":"2","#;
    let lines = read(json);
    assert_eq!(lines[0], "user ana, March, page");
    assert!(lines[1].starts_with("reject: cut short"));
    assert_eq!(lines.len(), 2);
}

#[test]
fn who_is_not_asked_about_the_directory_reads_its_users_only() {
    let json = format!(
        r#"{{"Users":[{{"Id":"1","Username":"ana"}}]}}
           {{"SecurityProfileSummaryList":[{{"Id":"{PROFILE}","Name":"Agent"}},{{"Id":"q","Name":"Admin"}}]}}
           {{"Permissions":["x"]}}"#
    );
    let passed = "other Connect listings";
    assert_eq!(
        read_as(Interest::in_events(["DeleteObject"]), &json),
        ["user ana, undated, last", passed, passed, passed]
    );
    let wanted = read_as(Interest::in_events([""; 0]).and_directory(), &json);
    assert_eq!(wanted[1], "profile Agent, undated, last");
    assert_eq!(wanted.len(), 4);
}

/// The head of an object is read once, however many lists it holds.
#[test]
fn many_lists_in_one_object_cost_no_more_than_one() {
    let lists = r#""Users":[{"Id":"1","Username":"a"}],"#.repeat(20_000);
    let json = format!(r#"{{{lists}"valid_from":"2026-03-01"}}"#);
    let lines = read(&json);
    assert_eq!(lines.len(), 20_000);
    assert!(lines.iter().all(|line| line == "user a, March, last"));
}
