//! Threads with room for hostile input: recursion of a policy that the lint did not see, or of a text that nests, ends in
//! a limit, not in an abort.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::mpsc::sync_channel;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, Scope, ScopedJoinHandle};

/// Stack sizes to try, in bytes: address space, of which the system commits what is touched.
const STACKS: [usize; 2] = [1 << 30, 64 << 20];

thread_local! {
    static STACK: Cell<usize> = const { Cell::new(0) };
}

/// The bytes of this thread's stack where it is a big one, else 0.
#[must_use]
pub fn stack() -> usize {
    STACK.get()
}

fn spawn<'scope, F>(scope: &'scope Scope<'scope, '_>, run: &'scope F) -> Option<ScopedJoinHandle<'scope, ()>>
where
    F: Fn() + Sync,
{
    STACKS.iter().find_map(|size| {
        let run = move || {
            STACK.set(*size);
            run();
        };
        Builder::new().stack_size(*size).spawn_scoped(scope, run).ok()
    })
}

/// Runs `f` on a thread with a big stack and waits for it; where no thread can be had, right here. A panic in
/// `f` goes on in the caller.
pub fn on_big_stack<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    let task = Mutex::new(Some(f));
    let result = Mutex::new(None);
    let run = || {
        if let Some(f) = lock(&task).take() {
            let value = f();
            *lock(&result) = Some(value);
        }
    };
    std::thread::scope(|scope| {
        if let Some(Err(panic)) = spawn(scope, &run).map(ScopedJoinHandle::join) {
            std::panic::resume_unwind(panic);
        }
    });
    run(); // only when there was no thread: the task is still there
    let value = lock(&result).take();
    match value {
        Some(value) => value,
        None => unreachable!("the task ran, or its panic went on"),
    }
}

/// Works on items on `jobs` threads with big stacks and hands the results to `sink` on this thread, in the order
/// of the items.
///
/// Nothing piles up: items are taken one by one, and no thread starts on an item that is more than a few
/// ahead of the last result delivered. `make` makes the state of a thread. A panic in `work` goes on in the
/// caller after the other threads have stopped.
pub fn in_parallel<I, O, W>(
    jobs: usize,
    items: impl Iterator<Item = I> + Send,
    make: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, I) -> O + Sync,
    mut sink: impl FnMut(usize, O),
) where
    I: Send,
    O: Send,
{
    let jobs = jobs.max(1);
    let ahead = jobs * 4;
    let queue = Queue { state: Mutex::new(State { items, next: 0, delivered: 0, stop: false }), moved: Condvar::new() };
    let (sender, results) = sync_channel::<(usize, O)>(ahead);
    // Each thread takes one sender out; the channel closes when the last of them is done.
    let senders = Mutex::new((0..jobs).map(|_| sender.clone()).collect::<Vec<_>>());
    drop(sender);
    let run = || {
        let Some(sender) = lock(&senders).pop() else { return };
        let _stop = StopOnPanic(&queue);
        let mut state = make();
        while let Some((number, item)) = queue.take(ahead) {
            if sender.send((number, work(&mut state, item))).is_err() {
                return; // the sink panicked
            }
        }
    };
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..jobs).map_while(|_| spawn(scope, &run)).collect();
        // The senders of threads that could not be had.
        lock(&senders).drain(..jobs - handles.len());
        if handles.is_empty() {
            let mut state = make();
            while let Some((number, item)) = queue.take(usize::MAX) {
                sink(number, work(&mut state, item));
            }
            return;
        }
        // Should the sink panic: `results` closes and the queue stops, so that the threads end and the scope can.
        let results = results;
        let _stop = StopOnPanic(&queue);
        let mut waiting = BTreeMap::new();
        let mut due = 0;
        for (number, result) in results {
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&due) {
                sink(due, result);
                due += 1;
                queue.delivered(due);
            }
        }
        for handle in handles {
            if let Err(panic) = handle.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
}

struct Queue<T> {
    state: Mutex<State<T>>,
    moved: Condvar,
}

struct State<T> {
    items: T,
    next: usize,
    delivered: usize,
    stop: bool,
}

impl<T: Iterator> Queue<T> {
    fn take(&self, ahead: usize) -> Option<(usize, T::Item)> {
        let mut state = lock(&self.state);
        while !state.stop && state.next - state.delivered >= ahead {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.stop {
            return None;
        }
        match state.items.next() {
            Some(item) => {
                state.next += 1;
                Some((state.next - 1, item))
            }
            None => {
                state.stop = true;
                self.moved.notify_all();
                None
            }
        }
    }

    fn delivered(&self, count: usize) {
        lock(&self.state).delivered = count;
        self.moved.notify_all();
    }
}

struct StopOnPanic<'q, T>(&'q Queue<T>);

impl<T> Drop for StopOnPanic<'_, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            lock(&self.0.state).stop = true;
            self.0.moved.notify_all();
        }
    }
}

/// A poisoned lock is as good as any: its owner's panic goes on elsewhere.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn results_come_in_the_order_of_the_items_and_few_are_open() {
        let taken = AtomicUsize::new(0);
        let items = (0..500_usize).inspect(|_| {
            taken.fetch_add(1, Ordering::SeqCst);
        });
        let mut got = Vec::new();
        in_parallel(
            3,
            items,
            || 0,
            |_, i| {
                if i % 7 == 0 {
                    std::thread::yield_now();
                }
                i * 2
            },
            |number, result| {
                assert_eq!(number * 2, result);
                assert!(taken.load(Ordering::SeqCst) <= got.len() + 12, "items pile up");
                got.push(result);
            },
        );
        assert_eq!(got.len(), 500);
    }

    #[test]
    fn a_panic_ends_the_run() {
        for bad in [0, 40] {
            let run = || in_parallel(2, 0..100, || (), |(), i| assert_ne!(i, bad), |_, ()| {});
            assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
        }
        let run = || in_parallel(2, 0..1000, || (), |(), i| i, |_, i| assert_ne!(i, 20));
        assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    }

    #[test]
    fn a_big_stack_is_big() {
        fn deep(n: u32) -> u32 {
            let pad = [n; 64];
            if n == 0 { 0 } else { deep(n - 1) + pad[(n % 64) as usize] - n + 1 }
        }
        assert_eq!(on_big_stack(|| deep(100_000)), 100_000);
        assert!(STACKS.contains(&on_big_stack(stack)) && stack() == 0);
        assert!(catch_unwind(|| on_big_stack(|| panic!("through"))).is_err());
    }
}
