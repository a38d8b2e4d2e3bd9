//! How far a run is, told to whoever wants to know. Nothing that is reported depends on it.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What takes long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Files are read.
    Read,
    /// Services are judged.
    Judge,
}

/// Who wants to know. It is told from several threads, so what it is told last need not be the largest number.
pub trait Observer: Debug + Send + Sync {
    /// So many of the files or services are done.
    fn reached(&self, step: Step, done: usize, of: usize);
}

/// An observer, or none.
#[derive(Debug, Clone, Default)]
pub struct Progress(Option<Arc<dyn Observer>>);

impl Progress {
    /// Tells this observer.
    #[must_use]
    pub fn told_to(observer: Arc<dyn Observer>) -> Self {
        Self(Some(observer))
    }

    /// Begins to count a step's files or services.
    pub(crate) fn of(&self, step: Step, of: usize) -> Count<'_> {
        Count { observer: self.0.as_deref(), step, done: AtomicUsize::new(0), of }
    }
}

/// How many of a step are done.
pub(crate) struct Count<'o> {
    observer: Option<&'o dyn Observer>,
    step: Step,
    done: AtomicUsize,
    of: usize,
}

impl Count<'_> {
    /// One more is done.
    pub(crate) fn one(&self) {
        if let Some(observer) = self.observer {
            observer.reached(self.step, self.done.fetch_add(1, Ordering::Relaxed) + 1, self.of);
        }
    }
}
