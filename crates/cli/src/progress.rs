use std::fmt::Write;
use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Work shorter than this shows nothing.
const DELAY: Duration = Duration::from_millis(500);
const REDRAW: Duration = Duration::from_millis(100);

/// How far a run has come, on standard error, while someone watches.
///
/// Threads share it by reference. Without a terminal it does nothing.
#[derive(Debug)]
pub(crate) struct Progress(Option<Line>);

#[derive(Debug)]
struct Line {
    bar: ProgressBar,
    files_done: Arc<AtomicU64>,
    appear: Appearance,
}

impl Progress {
    /// Begins to show progress where standard error is a terminal, unless
    /// `quiet`. A total of 0 is one that is not known.
    pub(crate) fn new(quiet: bool, files: u64, bytes: u64) -> Self {
        if quiet || !io::stderr().is_terminal() {
            return Progress(None);
        }
        Self::on(ProgressDrawTarget::stderr(), DELAY, files, bytes)
    }

    fn on(target: ProgressDrawTarget, delay: Duration, files: u64, bytes: u64) -> Self {
        let files_done = Arc::new(AtomicU64::new(0));
        let hidden = ProgressDrawTarget::hidden();
        let bar = ProgressBar::with_draw_target((bytes > 0).then_some(bytes), hidden);
        bar.set_style(style(bytes > 0, files, &files_done));
        Progress(Some(Line {
            appear: Appearance::after(delay, bar.clone(), target),
            bar,
            files_done,
        }))
    }

    /// Names what is being done, such as `reading`.
    pub(crate) fn phase(&self, name: &str) {
        if let Some(line) = &self.0 {
            line.bar.set_message(name.to_owned());
        }
    }

    /// Counts a file that was read, with its bytes on the disk.
    pub(crate) fn file_done(&self, bytes: u64) {
        if let Some(line) = &self.0 {
            line.files_done.fetch_add(1, Ordering::Relaxed);
            line.bar.inc(bytes);
        }
    }

    /// Runs what writes to the terminal without leaving the line in its way.
    pub(crate) fn pause<R>(&self, write: impl FnOnce() -> R) -> R {
        match &self.0 {
            Some(line) => line.bar.suspend(write),
            None => write(),
        }
    }

    /// Takes the line away for good.
    pub(crate) fn finish(&self) {
        if let Some(line) = &self.0 {
            line.appear.stop();
            line.bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

fn style(bytes_known: bool, files: u64, files_done: &Arc<AtomicU64>) -> ProgressStyle {
    let template = if bytes_known {
        "{msg} {wide_bar:.dim} {binary_bytes}/{binary_total_bytes}, {files}, {binary_bytes_per_sec}, {eta} left"
    } else {
        "{msg} {binary_bytes}, {files}, {binary_bytes_per_sec}"
    };
    let files_done = Arc::clone(files_done);
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ")
        .with_key("files", move |_: &ProgressState, out: &mut dyn Write| {
            let done = files_done.load(Ordering::Relaxed);
            // A line that cannot be drawn is no reason to end a run.
            let _ = match files {
                0 => write!(out, "{done} files"),
                files => write!(out, "{done}/{files} files"),
            };
        })
}

/// Shows a bar some time after it was made, unless it is stopped before.
#[derive(Debug)]
struct Appearance(Mutex<Option<(Sender<()>, JoinHandle<()>)>>);

impl Appearance {
    fn after(delay: Duration, bar: ProgressBar, target: ProgressDrawTarget) -> Self {
        let (stop, stopped) = mpsc::channel();
        let waiting = thread::spawn(move || {
            if stopped.recv_timeout(delay) == Err(RecvTimeoutError::Timeout) {
                bar.set_draw_target(target);
                bar.enable_steady_tick(REDRAW);
            }
        });
        Appearance(Mutex::new(Some((stop, waiting))))
    }

    /// Makes sure that the bar does not appear any more.
    fn stop(&self) {
        let waiting = self.0.lock().ok().and_then(|mut waiting| waiting.take());
        if let Some((stop, waiting)) = waiting {
            drop(stop);
            // It cannot have panicked, and if it had, the bar is gone too.
            let _ = waiting.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use indicatif::TermLike;

    use super::*;

    /// A terminal that remembers what was written to it.
    #[derive(Clone, Debug, Default)]
    struct Screen(Arc<Mutex<String>>);

    impl Screen {
        fn shown(&self) -> String {
            self.0.lock().unwrap().clone()
        }

        fn add(&self, text: &str) -> io::Result<()> {
            self.0.lock().unwrap().push_str(text);
            Ok(())
        }

        fn target(&self) -> ProgressDrawTarget {
            ProgressDrawTarget::term_like(Box::new(self.clone()))
        }

        fn wait_for(&self, text: &str) {
            for _ in 0..1_000 {
                if self.shown().contains(text) {
                    return;
                }
                thread::sleep(Duration::from_millis(5));
            }
            panic!("no `{text}` in {:?}", self.shown());
        }
    }

    impl TermLike for Screen {
        fn width(&self) -> u16 {
            120
        }

        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn write_line(&self, text: &str) -> io::Result<()> {
            self.add(text)
        }

        fn write_str(&self, text: &str) -> io::Result<()> {
            self.add(text)
        }

        fn clear_line(&self) -> io::Result<()> {
            self.add("<clear>")
        }

        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn long_work_is_shown_and_taken_away() {
        let screen = Screen::default();
        let progress = Progress::on(screen.target(), Duration::ZERO, 4, 4096);
        progress.phase("reading");
        thread::scope(|threads| {
            for _ in 0..2 {
                threads.spawn(|| progress.file_done(1024));
            }
        });
        screen.wait_for("2.00 KiB/4.00 KiB, 2/4 files, ");
        assert!(screen.shown().contains("reading "), "{}", screen.shown());
        assert!(screen.shown().contains(" left"), "{}", screen.shown());
        progress.finish();
        assert!(screen.shown().ends_with("<clear>"), "{}", screen.shown());
        let length = screen.shown().len();
        progress.file_done(1024);
        progress.finish();
        drop(progress);
        assert!(!screen.shown()[length..].contains("files"));
    }

    #[test]
    fn a_total_that_is_not_known_is_not_shown() {
        let screen = Screen::default();
        let progress = Progress::on(screen.target(), Duration::ZERO, 0, 0);
        progress.phase("reading");
        progress.file_done(1024);
        screen.wait_for("reading 1.00 KiB, 1 files, ");
        assert!(!screen.shown().contains("left"));
    }

    #[test]
    fn short_work_shows_nothing() {
        let screen = Screen::default();
        let progress = Progress::on(screen.target(), Duration::from_secs(3_600), 1, 1);
        progress.phase("reading");
        progress.file_done(1);
        assert_eq!(progress.pause(|| 7), 7);
        progress.finish();
        assert_eq!(screen.shown(), "");
    }

    #[test]
    fn a_quiet_run_has_no_line() {
        let progress = Progress::new(true, 1, 1);
        assert!(progress.0.is_none());
        progress.phase("reading");
        progress.file_done(1);
        progress.finish();
    }
}
