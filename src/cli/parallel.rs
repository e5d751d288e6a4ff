//! One task for each file, several at once, with a progress bar when it takes long.
//!
//! The results come in the order of the files, whatever the number of threads.

use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

/// What a main thread usually has: a formula that is read there is read here.
const STACK: usize = 16 << 20;

/// A run that is shorter shows no bar.
const MOMENT: Duration = Duration::from_millis(700);

/// The results of a task for each file.
pub fn map<F: Sync, T: Send>(
    files: &[F],
    jobs: Option<u16>,
    quiet: bool,
    task: impl Fn(&F) -> T + Sync,
) -> Vec<T> {
    let progress = Progress::new(files.len(), quiet);
    let one = |file: &F| {
        let result = task(file);
        progress.bar.inc(1);
        result
    };
    // 0 lets the pool count the processors.
    let threads = usize::from(jobs.unwrap_or(0));
    match ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build() {
        Ok(pool) => pool.install(|| files.par_iter().map(one).collect()),
        // A system that gives no threads still checks files, one after another.
        Err(_) => files.iter().map(one).collect(),
    }
}

/// A bar on standard error that appears after a moment, and goes when the work is done.
struct Progress {
    bar: ProgressBar,
    /// Dropped to end the thread that waits for the moment.
    done: Option<Sender<()>>,
    waiting: Option<JoinHandle<()>>,
}

impl Progress {
    fn new(length: usize, quiet: bool) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(length as u64), ProgressDrawTarget::hidden());
        if quiet || length < 2 || !io::stderr().is_terminal() {
            return Progress { bar, done: None, waiting: None };
        }
        let style = ProgressStyle::with_template("checking {wide_bar} {pos} of {len} files");
        bar.set_style(style.expect("the template is well formed"));
        let (done, receiver) = mpsc::channel::<()>();
        let shown = bar.clone();
        let waiting = std::thread::spawn(move || {
            if receiver.recv_timeout(MOMENT) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.tick();
            }
        });
        Progress { bar, done: Some(done), waiting: Some(waiting) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(waiting) = self.waiting.take() {
            // A thread that only waits and draws cannot fail in a way that matters here.
            let _ = waiting.join();
        }
        self.bar.finish_and_clear();
    }
}
