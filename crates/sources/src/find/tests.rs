use super::*;
use crate::ProblemReason;
use crate::scratch::Scratch;

fn find_in(arguments: &[&Path]) -> Result<Found, SourceError> {
    let arguments: Vec<_> = arguments
        .iter()
        .map(|path| path.as_os_str().to_owned())
        .collect();
    find(&arguments, &Wanted::everything())
}

/// Lists what was found, below the scratch folder.
fn names(scratch: &Scratch, found: &Found) -> Vec<String> {
    let root = format!("{}/", scratch.path().display());
    let origins = found.inputs.iter().map(Input::origin);
    origins.map(|origin| origin.replace(&root, "")).collect()
}

fn problems(scratch: &Scratch, found: &Found) -> Vec<String> {
    let root = format!("{}/", scratch.path().display());
    let lines = found.problems.iter().map(Problem::to_string);
    lines.map(|line| line.replace(&root, "")).collect()
}

fn error_of(arguments: &[&Path]) -> String {
    find_in(arguments).unwrap_err().to_string()
}

#[cfg(unix)]
#[expect(clippy::print_stderr, reason = "a test that did not run says so")]
fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

#[test]
fn a_folder_gives_every_file_in_the_order_of_bytes() {
    let scratch = Scratch::new();
    for name in ["b", "a/z", "a.txt", "a/.hidden/x", ".dot", "B", "a/é"] {
        scratch.file(name, b"12345");
    }
    let found = find_in(&[scratch.path()]).unwrap();
    let expected = [".dot", "B", "a.txt", "a/.hidden/x", "a/z", "a/é", "b"];
    assert_eq!(names(&scratch, &found), expected);
    assert!(found.problems.is_empty());
    assert!(found.inputs.iter().all(|input| input.size_hint() == 5));
}

#[test]
fn arguments_keep_their_order() {
    let scratch = Scratch::new();
    let (b, a) = (scratch.file("b", b""), scratch.file("a", b""));
    let folder = scratch.file("0/x", b"").parent().unwrap().to_owned();
    let found = find_in(&[&b, Path::new("-"), &folder, &a]).unwrap();
    assert_eq!(names(&scratch, &found), ["b", "-", "0/x", "a"]);
}

#[test]
fn what_is_named_twice_is_read_once_under_its_first_name() {
    let scratch = Scratch::new();
    let file = scratch.file("logs/day/a", b"");
    scratch.file("logs/b", b"");
    let logs = scratch.path().join("logs");
    let dotted = scratch.path().join("./logs/../logs/day/a");
    let dash = Path::new("-");
    let found = find_in(&[&dotted, dash, &file, &logs, &logs.join("day"), &logs, dash]).unwrap();
    assert_eq!(
        names(&scratch, &found),
        ["./logs/../logs/day/a", "-", "logs/b"]
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_what_they_lead_to_is_read_once() {
    let scratch = Scratch::new();
    let file = scratch.file("logs/real", b"123");
    scratch.link("logs/also", &file);
    let outside = scratch.file("outside/x", b"1234567");
    scratch.link("logs/far", &outside);
    scratch.link("logs/folder", scratch.path().join("outside"));
    let found = find_in(&[&scratch.path().join("logs")]).unwrap();
    assert_eq!(names(&scratch, &found), ["logs/also", "logs/far"]);
    assert_eq!(found.inputs[0].size_hint(), 3);
    assert_eq!(found.inputs[1].size_hint(), 7);
    assert!(found.problems.is_empty());
}

#[cfg(unix)]
#[test]
fn a_loop_of_links_is_named_and_not_followed() {
    let scratch = Scratch::new();
    scratch.file("logs/day/a", b"");
    scratch.link("logs/day/up", scratch.path().join("logs"));
    scratch.link("logs/self", "self");
    let found = find_in(&[&scratch.path().join("logs")]).unwrap();
    assert_eq!(names(&scratch, &found), ["logs/day/a"]);
    let problems = problems(&scratch, &found);
    assert_eq!(problems.len(), 2);
    assert!(
        problems[0].starts_with("logs/day/up: a link back to "),
        "{problems:?}"
    );
    assert!(
        problems[1].starts_with("logs/self: cannot be listed: "),
        "{problems:?}"
    );
}

// Twenty folders of two crossed links each are a million ways to one file.
#[cfg(unix)]
#[test]
fn crossed_links_do_not_multiply() {
    let scratch = Scratch::new();
    for depth in 0..20 {
        scratch.folder(&format!("logs/{depth}"));
        for name in ["x", "y"] {
            scratch.link(&format!("logs/{depth}/{name}"), format!("../{}", depth + 1));
        }
    }
    scratch.file("logs/20/a", b"");
    let found = find_in(&[&scratch.path().join("logs")]).unwrap();
    assert_eq!(found.inputs.len(), 1);
    assert!(found.problems.is_empty());
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_named_and_skipped() {
    let scratch = Scratch::new();
    scratch.file("logs/a", b"");
    scratch.link("logs/broken", "nowhere");
    let _socket = std::os::unix::net::UnixListener::bind(scratch.path().join("logs/s")).unwrap();
    let mut expected = vec![
        "logs/broken: a link to nothing",
        "logs/s: a socket, not a file; skipped",
    ];
    if scratch.pipe("logs/p") {
        expected.insert(1, "logs/p: a pipe, not a file; skipped");
    }
    let found = find_in(&[&scratch.path().join("logs")]).unwrap();
    assert_eq!(names(&scratch, &found), ["logs/a"]);
    assert_eq!(problems(&scratch, &found), expected);
    let error = error_of(&[&scratch.path().join("logs/s")]);
    assert!(
        error.ends_with("logs/s: it is a socket; name a file, a folder or a pipe"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_that_is_named_itself_is_read() {
    let scratch = Scratch::new();
    if !scratch.pipe("p") {
        skipped("this machine has no mkfifo");
        return;
    }
    let path = scratch.path().join("p");
    let found = find_in(&[&path, &path]).unwrap();
    assert_eq!(names(&scratch, &found), ["p"]);
    let writer = std::thread::spawn(move || fs::write(path, b"from a pipe").unwrap());
    let mut buffer = Vec::new();
    found.inputs[0].read(&mut buffer).unwrap();
    writer.join().unwrap();
    assert_eq!(buffer, b"from a pipe");
    assert_eq!(found.inputs[0].size_hint(), 0);
}

// The shell's `<(…)` gives such a name; what it leads to has no path.
#[cfg(target_os = "linux")]
#[test]
fn a_pipe_of_the_shell_is_read() {
    use std::io::Write;
    use std::os::fd::AsRawFd;

    let (reader, mut writer) = io::pipe().unwrap();
    let path = PathBuf::from(format!("/dev/fd/{}", reader.as_raw_fd()));
    let found = find_in(&[&path]).unwrap();
    assert_eq!(found.inputs[0].origin(), path.to_str().unwrap());
    writer.write_all(b"from the shell").unwrap();
    drop(writer);
    let mut buffer = Vec::new();
    found.inputs[0].read(&mut buffer).unwrap();
    assert_eq!(buffer, b"from the shell");
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_are_found_and_read() {
    use std::os::unix::ffi::OsStrExt;

    let scratch = Scratch::new();
    for (name, content) in [(&b"a\xff"[..], "1"), (b"a\xfe", "2"), (b"a\n", "3")] {
        scratch.file(OsStr::from_bytes(name), content.as_bytes());
    }
    let found = find_in(&[scratch.path()]).unwrap();
    assert_eq!(names(&scratch, &found), [r"a\n", r"a\xfe", r"a\xff"]);
    let mut buffer = Vec::new();
    for (input, content) in found.inputs.iter().zip(["3", "2", "1"]) {
        input.read(&mut buffer).unwrap();
        assert_eq!(buffer, content.as_bytes());
    }
    let matched = find_in(&[&scratch.path().join("a?")]).unwrap();
    assert_eq!(names(&scratch, &matched), names(&scratch, &found));
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt;

    let scratch = Scratch::new();
    let open = scratch.file("logs/a", b"");
    let shut_file = scratch.file("logs/b", b"");
    let shut_folder = scratch.folder("logs/c");
    let forbid = fs::Permissions::from_mode(0o000);
    fs::set_permissions(&shut_file, forbid.clone()).unwrap();
    fs::set_permissions(&shut_folder, forbid).unwrap();
    let allowed_anyway = File::open(&shut_file).is_ok();
    if allowed_anyway {
        skipped("permissions do not bind this user; run as another than root");
    } else {
        let found = find_in(&[&scratch.path().join("logs")]).unwrap();
        assert_eq!(names(&scratch, &found), ["logs/a", "logs/b"]);
        assert_eq!(
            problems(&scratch, &found),
            ["logs/c: cannot be listed: Permission denied (os error 13)"]
        );
        assert!(matches!(
            found.problems[0].why,
            ProblemReason::System(ref error) if error.kind() == io::ErrorKind::PermissionDenied
        ));
        let error = found.inputs[1].read(&mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), format!("read {}", shut_file.display()));
        for shut in [
            &shut_file,
            &shut_folder,
            &shut_folder.join("x"),
            &shut_folder.join("*"),
        ] {
            let error = find_in(&[&open, shut]).unwrap_err();
            assert!(matches!(error, SourceError::Unreadable { .. }), "{error:?}");
        }
        fs::remove_file(&open).unwrap();
        fs::remove_file(&shut_file).unwrap();
        let error = error_of(&[&scratch.path().join("logs")]);
        assert!(
            error.contains("logs/c: cannot be listed: Permission denied"),
            "{error}"
        );
    }
    fs::set_permissions(&shut_folder, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_pattern_matches_within_its_folders() {
    let scratch = Scratch::new();
    for name in [
        "logs/a.gz",
        "logs/.b.gz",
        "logs/c.json",
        "logs/d/e.gz",
        "logs/d/f/g.gz",
        "h.gz",
    ] {
        scratch.file(name, b"");
    }
    let of = |pattern: &str| {
        let found = find_in(&[&scratch.path().join(pattern)]).unwrap();
        assert!(found.problems.is_empty());
        names(&scratch, &found)
    };
    assert_eq!(of("logs/*.gz"), ["logs/.b.gz", "logs/a.gz"]);
    assert_eq!(of("logs/[ac].*"), ["logs/a.gz", "logs/c.json"]);
    assert_eq!(of("*/?/*.gz"), ["logs/d/e.gz"]);
    assert_eq!(
        of("logs/**/*.gz"),
        ["logs/.b.gz", "logs/a.gz", "logs/d/e.gz", "logs/d/f/g.gz"]
    );
    assert_eq!(of("**/{e,h}.gz"), ["h.gz", "logs/d/e.gz"]);
    assert_eq!(
        of("logs/{d/f/g.gz,c.json}"),
        ["logs/c.json", "logs/d/f/g.gz"]
    );
    assert_eq!(
        of("logs/d*"),
        ["logs/d/e.gz", "logs/d/f/g.gz"],
        "a folder that matches is read"
    );
    assert_eq!(of("logs/d*/"), ["logs/d/e.gz", "logs/d/f/g.gz"]);
}

#[test]
fn a_file_with_a_pattern_for_a_name_is_that_file() {
    let scratch = Scratch::new();
    let odd = scratch.file("[ab].json", b"");
    scratch.file("a.json", b"");
    let found = find_in(&[&odd]).unwrap();
    assert_eq!(names(&scratch, &found), ["[ab].json"]);
}

#[cfg(unix)]
#[test]
fn a_pattern_is_not_troubled_by_what_it_does_not_name() {
    let scratch = Scratch::new();
    scratch.file("logs/a.gz", b"");
    scratch.link("logs/broken.txt", "nowhere");
    let found = find_in(&[&scratch.path().join("logs/*.gz")]).unwrap();
    assert_eq!(names(&scratch, &found), ["logs/a.gz"]);
    assert!(found.problems.is_empty());
    let found = find_in(&[&scratch.path().join("logs/*")]).unwrap();
    assert_eq!(
        problems(&scratch, &found),
        ["logs/broken.txt: a link to nothing"]
    );
}

#[test]
fn a_folder_without_files_is_an_error() {
    let scratch = Scratch::new();
    let file = scratch.file("a", b"");
    let empty = scratch.folder("empty/deeper").parent().unwrap().to_owned();
    assert_eq!(
        error_of(&[&file, &empty]),
        format!(
            "read {}: there are no files in this folder; name the folder that holds the logs",
            empty.display()
        )
    );
    assert_eq!(
        error_of(&[]),
        "find anything to read: there are no inputs; name a file or a folder"
    );
}

#[test]
fn what_is_missing_is_named() {
    let scratch = Scratch::new();
    let file = scratch.file("march", b"");
    let root = scratch.path().display().to_string();
    let of = |name: &str| error_of(&[&scratch.path().join(name)]).replace(&root, "DIR");
    assert_eq!(
        of("mrach"),
        "find DIR/mrach: there is no `mrach` in the folder DIR; `ls DIR` shows what is there"
    );
    assert_eq!(of("x/y/z"), "find DIR/x/y/z: there is no folder DIR/x");
    assert_eq!(
        of("march/a"),
        "find DIR/march/a: DIR/march is a file, not a folder"
    );
    assert_eq!(
        of("march/"),
        "find DIR/march/: DIR/march is a file, not a folder"
    );
    assert_eq!(of("x/*.gz"), "find DIR/x/*.gz: there is no folder DIR/x");
    assert_eq!(
        of("march/*"),
        "find DIR/march/*: DIR/march is a file, not a folder"
    );
    assert_eq!(
        of("*.gz"),
        "find DIR/*.gz: no file in the folder DIR matches this pattern; \
         `*` stays within one folder, `**` goes deeper"
    );
    assert!(of("[a").starts_with("find DIR/[a: there is no such file, and it is not a pattern"));
    assert_eq!(
        error_of(&[&file, Path::new("")]),
        "find ``: the name is empty; is a shell variable unset?"
    );
    #[cfg(unix)]
    {
        scratch.link("broken", "nowhere");
        assert_eq!(of("broken"), "find DIR/broken: it is a link to nothing");
    }
}

#[test]
fn a_slip_in_an_address_is_named() {
    let error = error_of(&[Path::new("cloudtrail:")]);
    assert_eq!(
        error,
        "read cloudtrail:: it names nothing; write cloudtrail:REGION, such as cloudtrail:us-west-2"
    );
}

#[cfg(not(feature = "aws"))]
#[test]
fn places_in_aws_are_for_another_build() {
    for (argument, feature, download) in [
        (
            "s3://bucket/AWSLogs/",
            "aws",
            "`aws s3 sync s3://bucket/AWSLogs/ logs`",
        ),
        (
            "cloudwatch:trail",
            "aws",
            "`aws logs filter-log-events --log-group-name trail > logs.json`",
        ),
        (
            "cloudtrail:us-west-2",
            "aws",
            "`aws cloudtrail lookup-events --region us-west-2 > logs.json`",
        ),
        (
            "connect:centre",
            "connect",
            "`aws connect list-users --instance-id centre > users.json`",
        ),
    ] {
        let error = error_of(&[Path::new(argument)]);
        let expected = format!("`cargo build --release --features {feature}`");
        assert!(error.contains(&expected), "{error}");
        assert!(error.ends_with(download), "{error}");
    }
}
