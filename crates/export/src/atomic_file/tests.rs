use tempfile::{TempDir, tempdir};

use super::*;

fn text(text: &str) -> impl FnOnce(&mut dyn Write) -> Result<(), ExportError> {
    move |out| out.write_all(text.as_bytes()).map_err(ExportError::Write)
}

fn names(folder: &TempDir) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_new_file_is_written_and_nothing_else_is_left() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("out.csv");
    check_target(&path, false).unwrap();
    assert!(names(&folder).is_empty());
    write_file(&path, false, text("rows")).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "rows");
    assert_eq!(names(&folder), ["out.csv"]);
}

#[test]
fn a_file_is_replaced_only_with_force() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("out.csv");
    fs::write(&path, "old").unwrap();
    let refused = [
        check_target(&path, false).unwrap_err(),
        write_file(&path, false, |_| panic!("no work for nothing")).unwrap_err(),
    ];
    for error in refused {
        assert_eq!(
            error.to_string(),
            format!(
                "write {}: it exists already; pass --force to replace it",
                path.display()
            )
        );
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    check_target(&path, true).unwrap();
    write_file(&path, true, text("new")).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    assert_eq!(names(&folder), ["out.csv"]);
}

#[test]
fn a_file_that_appears_meanwhile_is_not_overwritten() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("out.csv");
    let error = write_file(&path, false, |out| {
        fs::write(&path, "theirs").unwrap();
        text("ours")(out)
    })
    .unwrap_err();
    assert!(matches!(error, ExportError::Exists { .. }), "{error:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
    assert_eq!(names(&folder), ["out.csv"]);
}

#[test]
fn an_error_leaves_what_was_there() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("out.csv");
    let fail = |out: &mut dyn Write| {
        out.write_all(&[b'x'; 100_000]).unwrap();
        Err(ExportError::Write(io::ErrorKind::StorageFull.into()))
    };
    let error = write_file(&path, false, fail).unwrap_err();
    assert_eq!(error.to_string(), format!("write {}", path.display()));
    assert!(names(&folder).is_empty());
    fs::write(&path, "old").unwrap();
    write_file(&path, true, fail).unwrap_err();
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(names(&folder), ["out.csv"]);
}

#[test]
fn a_folder_is_no_file_and_a_missing_folder_is_named() {
    let folder = tempdir().unwrap();
    let error = check_target(folder.path(), true).unwrap_err();
    assert!(
        error.to_string().ends_with("it is a folder; name a file"),
        "{error}"
    );
    let path = folder.path().join("missing/out.csv");
    let error = check_target(&path, false).unwrap_err();
    assert!(
        error.to_string().ends_with("missing; create it first"),
        "{error}"
    );
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    check_target(&file.join("out.csv"), false).unwrap_err();
}

#[test]
fn a_bare_name_lies_in_the_current_folder() {
    assert_eq!(folder_of(Path::new("out.csv")), Path::new("."));
    assert_eq!(folder_of(Path::new("a/out.csv")), Path::new("a"));
}

#[cfg(unix)]
mod unix {
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;
    use std::thread;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn permissions_are_those_of_any_new_file() {
        let folder = tempdir().unwrap();
        let ordinary = folder.path().join("ordinary");
        fs::write(&ordinary, "").unwrap();
        let path = folder.path().join("out.csv");
        write_file(&path, false, text("rows")).unwrap();
        assert_eq!(mode(&path), mode(&ordinary));
    }

    #[test]
    fn a_replaced_file_keeps_its_permissions() {
        let folder = tempdir().unwrap();
        let path = folder.path().join("out.csv");
        for kept in [0o600, 0o666] {
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, Permissions::from_mode(kept)).unwrap();
            write_file(&path, true, text("new")).unwrap();
            assert_eq!(mode(&path), kept);
        }
    }

    #[test]
    fn a_link_is_followed() {
        let folder = tempdir().unwrap();
        fs::create_dir(folder.path().join("archive")).unwrap();
        let destination = folder.path().join("archive/2026.csv");
        fs::write(&destination, "old").unwrap();
        let link = folder.path().join("latest.csv");
        symlink("archive/2026.csv", &link).unwrap();
        assert!(matches!(
            check_target(&link, false),
            Err(ExportError::Exists { .. })
        ));
        write_file(&link, true, text("new")).unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&destination).unwrap(), "new");
        assert_eq!(names(&folder), ["archive", "latest.csv"]);
    }

    #[test]
    fn a_link_to_nothing_is_refused() {
        let folder = tempdir().unwrap();
        let link = folder.path().join("latest.csv");
        symlink("missing.csv", &link).unwrap();
        for force in [false, true] {
            let error = write_file(&link, force, text("rows")).unwrap_err();
            assert!(matches!(error, ExportError::NotAFile { .. }), "{error:?}");
        }
        assert!(link.is_symlink());
    }

    #[test]
    fn devices_are_written_to_and_stay() {
        let null = Path::new("/dev/null");
        check_target(null, false).unwrap();
        write_file(null, false, text("rows")).unwrap();
        write_file(null, true, text("rows")).unwrap();
        assert!(!fs::metadata(null).unwrap().is_file());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_stream_that_the_shell_sent_to_a_file_is_added_to() {
        let folder = tempdir().unwrap();
        let path = folder.path().join("log");
        fs::write(&path, "before ").unwrap();
        let open = File::options().append(true).open(&path).unwrap();
        let stream = PathBuf::from(format!("/proc/self/fd/{}", open.as_raw_fd()));
        check_target(&stream, false).unwrap();
        write_file(&stream, false, text("rows")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "before rows");
        assert_eq!(names(&folder), ["log"]);
    }

    #[test]
    fn a_pipe_is_written_to_and_stays() {
        let folder = tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        check_target(&pipe, false).unwrap();
        thread::scope(|scope| {
            let reader = scope.spawn(|| fs::read_to_string(&pipe).unwrap());
            write_file(&pipe, false, text("rows")).unwrap();
            assert_eq!(reader.join().unwrap(), "rows");
        });
        assert_eq!(names(&folder), ["pipe"]);
        assert!(!fs::metadata(&pipe).unwrap().is_file());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_an_error_that_names_the_file() {
        let error = write_file(Path::new("/dev/full"), false, text("rows")).unwrap_err();
        let ExportError::File { path, source } = error else {
            panic!("{error:?}");
        };
        assert_eq!(path, Path::new("/dev/full"));
        assert_eq!(source.kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_folder_that_takes_no_files_is_found_before_the_work() {
        let error = check_target(Path::new("/proc/out.csv"), false).unwrap_err();
        assert!(
            matches!(error, ExportError::FolderNotWritable { .. }),
            "{error:?}"
        );
    }
}
