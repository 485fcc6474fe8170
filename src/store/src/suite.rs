//! What every store promises, checked against each form: natively for the twin, in a browser for IndexedDB.
//!
//! A case takes a [`Disk`], which it finds empty; [`cases!`] lists them once and runs them for the form at hand.
//! What only one form has (a quota that is set, a browser that takes the database away) follows at the end.

#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use crate::record::{HEADER, seal};
use crate::{Commit, Damage, Found, Key, MAX_NUMBER, PageId, Rewrite, Store, StoreError, Usage};

/// Where stores are opened, and records damaged.
trait Disk {
    type Store: Store;

    async fn open(&self) -> Self::Store;

    /// Sets the bytes of a record as they rest, envelope included.
    async fn put_raw(&self, key: Key, record: Vec<u8>);
}

macro_rules! cases {
    ($($name:ident)*) => {
        #[cfg(not(target_arch = "wasm32"))]
        mod in_memory {
            $(
                #[test]
                fn $name() {
                    super::memory::ready(super::$name(crate::MemoryDisk::new()));
                }
            )*
        }

        #[cfg(target_arch = "wasm32")]
        mod in_indexed_db {
            use wasm_bindgen_test::wasm_bindgen_test;

            $(
                #[wasm_bindgen_test]
                async fn $name() {
                    super::$name(super::indexed::Database::fresh(stringify!($name)).await).await;
                }
            )*
        }
    };
}

cases! {
    what_was_committed_is_read
    what_does_not_exist_is_none
    a_second_store_sees_what_the_first_wrote
    the_journal_comes_in_order_from_a_number_on
    a_taken_change_number_is_refused_and_nothing_is_written
    pages_come_as_asked_for
    large_pages_round_trip
    leftover_pages_are_found_and_swept
    files_and_small_records_are_replaced_and_deleted
    names_may_have_any_characters
    small_records_are_listed_without_the_lease
    a_rewrite_replaces_and_deletes_in_one_go
    a_refused_rewrite_changes_nothing
    damaged_records_are_reported_and_the_rest_is_read
    a_record_of_a_newer_version_is_reported_as_such
    usage_counts_what_rests
    clearing_leaves_nothing
    a_lease_is_had_by_one_until_it_runs_out
    a_lease_is_passed_on_to_its_heir_alone
    whoever_lost_the_lease_writes_nothing
    clearing_keeps_the_lease
    a_closed_store_says_so
    numbers_that_are_no_exact_keys_are_refused
    nothing_to_do_is_no_error
}

fn page(id: u64) -> PageId {
    PageId(id)
}

/// Bytes that differ from those of every other number.
fn bytes(number: u64, length: usize) -> Vec<u8> {
    let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// A change set with one record in each place.
fn commit(change: u64, text: &str) -> Commit {
    Commit {
        change,
        record: format!("change {text}").into_bytes(),
        pages: vec![(page(change), format!("page {text}").into_bytes())],
        files: vec![(format!("{change}.csv"), format!("file {text}").into_bytes())],
        meta: vec![("last".to_owned(), format!("meta {text}").into_bytes())],
    }
}

fn found(text: &str) -> Option<Found> {
    Some(Ok(text.as_bytes().to_vec()))
}

async fn what_was_committed_is_read(disk: impl Disk) {
    let store = disk.open().await;
    store.commit(commit(1, "Ana")).await.unwrap();
    assert_eq!(store.journal(0).await.unwrap(), [(1, Ok(b"change Ana".to_vec()))]);
    assert_eq!(store.pages(&[page(1)]).await.unwrap(), [found("page Ana")]);
    assert_eq!(store.file("1.csv").await.unwrap(), Some(b"file Ana".to_vec()));
    assert_eq!(store.meta("last").await.unwrap(), Some(b"meta Ana".to_vec()));
}

async fn what_does_not_exist_is_none(disk: impl Disk) {
    let store = disk.open().await;
    assert_eq!(store.journal(0).await.unwrap(), []);
    assert_eq!(store.page_ids().await.unwrap(), []);
    assert_eq!(store.pages(&[page(1), page(2)]).await.unwrap(), [None, None]);
    assert_eq!(store.file_names().await.unwrap(), Vec::<String>::new());
    assert_eq!(store.file("1.csv").await.unwrap(), None);
    assert_eq!(store.meta("last").await.unwrap(), None);
    assert_eq!(store.usage().await.unwrap(), Usage::default());
    store.delete_pages(&[page(1)]).await.unwrap();
    store.delete_file("1.csv").await.unwrap();
    store.delete_meta("last").await.unwrap();
}

async fn a_second_store_sees_what_the_first_wrote(disk: impl Disk) {
    let first = disk.open().await;
    first.commit(commit(1, "Ana")).await.unwrap();
    let second = disk.open().await;
    assert_eq!(second.journal(0).await.unwrap().len(), 1);
    second.commit(commit(2, "Luis")).await.unwrap();
    first.close();
    second.close();
    let third = disk.open().await;
    assert_eq!(third.journal(0).await.unwrap().len(), 2);
    assert_eq!(
        third.pages(&[page(1), page(2)]).await.unwrap(),
        [found("page Ana"), found("page Luis")]
    );
    assert_eq!(third.meta("last").await.unwrap(), Some(b"meta Luis".to_vec()));
}

async fn the_journal_comes_in_order_from_a_number_on(disk: impl Disk) {
    let store = disk.open().await;
    // Backwards, with gaps, past 10 and 256 and 2³², where an order by text or by chunk would show.
    let mut numbers: Vec<u64> = (1..300).chain([1 << 32, MAX_NUMBER]).collect();
    for change in numbers.iter().rev() {
        let record = bytes(*change, 20);
        store
            .commit(Commit {
                change: *change,
                record,
                ..Commit::default()
            })
            .await
            .unwrap();
    }
    for from in [0, 2, 256, 299, 300, MAX_NUMBER] {
        numbers.retain(|number| *number >= from);
        let expected: Vec<(u64, Found)> = numbers
            .iter()
            .map(|number| (*number, Ok(bytes(*number, 20))))
            .collect();
        assert_eq!(store.journal(from).await.unwrap(), expected, "from {from}");
    }
}

async fn a_taken_change_number_is_refused_and_nothing_is_written(disk: impl Disk) {
    let store = disk.open().await;
    store.commit(commit(1, "Ana")).await.unwrap();
    let refused = Commit {
        pages: vec![(page(9), b"page Luis".to_vec())],
        ..commit(1, "Luis")
    };
    assert_eq!(
        store.commit(refused).await,
        Err(StoreError::Conflict { change: 1 })
    );
    assert_eq!(store.journal(0).await.unwrap(), [(1, Ok(b"change Ana".to_vec()))]);
    assert_eq!(store.page_ids().await.unwrap(), [page(1)]);
    assert_eq!(store.file("1.csv").await.unwrap(), Some(b"file Ana".to_vec()));
    assert_eq!(store.meta("last").await.unwrap(), Some(b"meta Ana".to_vec()));
    store.commit(commit(2, "Luis")).await.unwrap();
    assert_eq!(
        store.journal(2).await.unwrap(),
        [(2, Ok(b"change Luis".to_vec()))]
    );
}

async fn pages_come_as_asked_for(disk: impl Disk) {
    let store = disk.open().await;
    let there: Vec<u64> = (0..50).chain([60, 62, 70, MAX_NUMBER]).collect();
    store
        .write_pages(there.iter().map(|id| (page(*id), bytes(*id, 100))).collect())
        .await
        .unwrap();
    store.delete_pages(&[page(20), page(21)]).await.unwrap();
    let given = |id: u64| (there.contains(&id) && id != 20 && id != 21).then(|| Ok(bytes(id, 100)));
    for asked in [
        (0..50).collect::<Vec<u64>>(),
        (0..80).rev().collect(),
        vec![62, 3, 61, 60, 4, 19, 22, 20],
        vec![5, 5, 6, 5],
        vec![MAX_NUMBER, 0],
        vec![62],
    ] {
        let ids: Vec<PageId> = asked.iter().copied().map(PageId).collect();
        let expected: Vec<Option<Found>> = asked.iter().copied().map(given).collect();
        assert_eq!(store.pages(&ids).await.unwrap(), expected, "{asked:?}");
    }
}

async fn large_pages_round_trip(disk: impl Disk) {
    let store = disk.open().await;
    let ids: Vec<PageId> = (1..=9).map(PageId).collect();
    let pages: Vec<(PageId, Vec<u8>)> = ids.iter().map(|id| (*id, bytes(id.0, 4 << 20))).collect();
    store.write_pages(pages).await.unwrap();
    store
        .commit(Commit {
            change: 1,
            ..Commit::default()
        })
        .await
        .unwrap();
    store.close();
    let store = disk.open().await;
    for (id, found) in ids.iter().zip(store.pages(&ids).await.unwrap()) {
        assert!(found == Some(Ok(bytes(id.0, 4 << 20))), "{id:?}");
    }
    assert_eq!(
        store.usage().await.unwrap().page_bytes,
        9 * ((4 << 20) + HEADER as u64)
    );
}

async fn leftover_pages_are_found_and_swept(disk: impl Disk) {
    let store = disk.open().await;
    store.commit(commit(1, "Ana")).await.unwrap();
    store
        .write_pages(vec![(page(7), vec![7]), (page(300), vec![3]), (page(8), vec![8])])
        .await
        .unwrap();
    store.close(); // The tab is killed before a change set names them.
    let store = disk.open().await;
    assert_eq!(
        store.page_ids().await.unwrap(),
        [page(1), page(7), page(8), page(300)]
    );
    store.delete_pages(&[page(7), page(8), page(300)]).await.unwrap();
    assert_eq!(store.page_ids().await.unwrap(), [page(1)]);
    assert_eq!(
        store.pages(&[page(1), page(7)]).await.unwrap(),
        [found("page Ana"), None]
    );
}

async fn files_and_small_records_are_replaced_and_deleted(disk: impl Disk) {
    let store = disk.open().await;
    for text in ["first", "second, and longer", ""] {
        store.put_file("a.csv", text.as_bytes().to_vec()).await.unwrap();
        store.put_meta("a.csv", text.as_bytes().to_vec()).await.unwrap();
        assert_eq!(store.file("a.csv").await.unwrap(), Some(text.as_bytes().to_vec()));
        assert_eq!(store.meta("a.csv").await.unwrap(), Some(text.as_bytes().to_vec()));
    }
    store.delete_file("a.csv").await.unwrap();
    assert_eq!(store.file("a.csv").await.unwrap(), None);
    assert_eq!(store.meta("a.csv").await.unwrap(), Some(vec![]));
    store.delete_meta("a.csv").await.unwrap();
    assert_eq!(store.meta("a.csv").await.unwrap(), None);
}

async fn small_records_are_listed_without_the_lease(disk: impl Disk) {
    let store = disk.open().await;
    assert_eq!(store.meta_names().await.unwrap(), Vec::<String>::new());
    assert!(store.lease("worker", 0, 1_000).await.unwrap());
    for name in ["exports", "clock"] {
        store.put_meta(name, b"x".to_vec()).await.unwrap();
    }
    assert_eq!(store.meta_names().await.unwrap(), ["clock", "exports"]);
}

async fn names_may_have_any_characters(disk: impl Disk) {
    let store = disk.open().await;
    let mut names = [
        "",
        " ",
        "a/b\\c",
        "Clientes año 1997 (1).csv",
        "名前",
        "\u{10FFFF}\0\n",
        "\u{FFFD}",
        "__proto__",
        "1",
    ];
    for name in names {
        store.put_file(name, name.as_bytes().to_vec()).await.unwrap();
        store.put_meta(name, name.as_bytes().to_vec()).await.unwrap();
    }
    names.sort_unstable();
    assert_eq!(store.file_names().await.unwrap(), names);
    for name in names {
        assert_eq!(
            store.file(name).await.unwrap(),
            Some(name.as_bytes().to_vec()),
            "{name:?}"
        );
        assert_eq!(
            store.meta(name).await.unwrap(),
            Some(name.as_bytes().to_vec()),
            "{name:?}"
        );
    }
}

async fn a_rewrite_replaces_and_deletes_in_one_go(disk: impl Disk) {
    let store = disk.open().await;
    for change in 1..=3 {
        store.commit(commit(change, "Ana")).await.unwrap();
    }
    let rewrite = Rewrite {
        delete: vec![
            Key::Change(2),
            Key::Page(page(2)),
            Key::File("2.csv".to_owned()),
            Key::Meta("none".to_owned()),
        ],
        put: vec![
            (Key::Change(1), b"change erased".to_vec()),
            (Key::Page(page(1)), b"page erased".to_vec()),
        ],
        commit: Some(commit(4, "erase")),
    };
    store.rewrite(rewrite).await.unwrap();
    assert_eq!(
        store.journal(0).await.unwrap(),
        [
            (1, Ok(b"change erased".to_vec())),
            (3, Ok(b"change Ana".to_vec())),
            (4, Ok(b"change erase".to_vec()))
        ]
    );
    assert_eq!(
        store.pages(&[page(1), page(2)]).await.unwrap(),
        [found("page erased"), None]
    );
    assert_eq!(store.file_names().await.unwrap(), ["1.csv", "3.csv", "4.csv"]);
    assert_eq!(store.meta("last").await.unwrap(), Some(b"meta erase".to_vec()));
}

async fn a_refused_rewrite_changes_nothing(disk: impl Disk) {
    let store = disk.open().await;
    store.commit(commit(1, "Ana")).await.unwrap();
    store.commit(commit(2, "Luis")).await.unwrap();
    let before = store.usage().await.unwrap();
    let rewrite = Rewrite {
        delete: vec![Key::Page(page(1)), Key::File("1.csv".to_owned())],
        put: vec![(Key::Change(1), b"change erased".to_vec())],
        commit: Some(commit(2, "erase")),
    };
    assert_eq!(
        store.rewrite(rewrite).await,
        Err(StoreError::Conflict { change: 2 })
    );
    assert_eq!(store.usage().await.unwrap(), before);
    assert_eq!(
        store.journal(1).await.unwrap()[0],
        (1, Ok(b"change Ana".to_vec()))
    );
    assert_eq!(store.pages(&[page(1)]).await.unwrap(), [found("page Ana")]);
}

async fn damaged_records_are_reported_and_the_rest_is_read(disk: impl Disk) {
    let store = disk.open().await;
    for change in 1..=5 {
        store.commit(commit(change, "Ana")).await.unwrap();
    }
    let flipped = |key: &Key, text: &str| [&seal(key, b"Ana")[..], text.as_bytes()].concat();
    for key in [
        Key::Change(2),
        Key::Page(page(2)),
        Key::File("2.csv".to_owned()),
        Key::Meta("last".to_owned()),
    ] {
        disk.put_raw(key.clone(), flipped(&key, "Eva")).await;
    }
    disk.put_raw(Key::Change(3), vec![0xC7, 1, 0]).await;
    disk.put_raw(Key::Page(page(3)), vec![]).await;
    disk.put_raw(Key::Change(4), b"<!doctype html>".to_vec()).await;
    // A page under the number of another: its own checksum is right.
    disk.put_raw(Key::Page(page(4)), flipped(&Key::Page(page(5)), "Ana"))
        .await;

    let good = Ok(b"change Ana".to_vec());
    assert_eq!(
        store.journal(0).await.unwrap(),
        [
            (1, good.clone()),
            (2, Err(Damage::Checksum)),
            (3, Err(Damage::Short)),
            (4, Err(Damage::Foreign)),
            (5, good),
        ]
    );
    assert_eq!(
        store
            .pages(&[page(1), page(2), page(3), page(4), page(5)])
            .await
            .unwrap(),
        [
            found("page Ana"),
            Some(Err(Damage::Checksum)),
            Some(Err(Damage::Short)),
            Some(Err(Damage::Checksum)),
            found("page Ana"),
        ]
    );
    let damaged = |key| {
        Err(StoreError::Damaged {
            key,
            damage: Damage::Checksum,
        })
    };
    assert_eq!(store.file("2.csv").await, damaged(Key::File("2.csv".to_owned())));
    assert_eq!(store.file("1.csv").await.unwrap(), Some(b"file Ana".to_vec()));
    assert_eq!(store.meta("last").await, damaged(Key::Meta("last".to_owned())));
    // What is damaged can be written anew.
    store.put_meta("last", b"new".to_vec()).await.unwrap();
    assert_eq!(store.meta("last").await.unwrap(), Some(b"new".to_vec()));
}

async fn a_record_of_a_newer_version_is_reported_as_such(disk: impl Disk) {
    let store = disk.open().await;
    store.commit(commit(1, "Ana")).await.unwrap();
    let future = [&[0xC7, 2], "whatever comes then".as_bytes()].concat();
    disk.put_raw(Key::Change(2), future.clone()).await;
    disk.put_raw(Key::Meta("checkpoint".to_owned()), future).await;
    assert_eq!(
        store.journal(0).await.unwrap(),
        [
            (1, Ok(b"change Ana".to_vec())),
            (2, Err(Damage::Newer { found: 2 }))
        ]
    );
    let error = store.meta("checkpoint").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "The record “checkpoint” can't be read: a newer version of Corral wrote it \
         (record version 2, this one knows up to 1)"
    );
}

async fn usage_counts_what_rests(disk: impl Disk) {
    let store = disk.open().await;
    store.commit(commit(1, "Ana")).await.unwrap();
    store.commit(commit(2, "Ana")).await.unwrap();
    store
        .write_pages((10..40).map(|id| (page(id), vec![0; 1000])).collect())
        .await
        .unwrap();
    store.delete_file("1.csv").await.unwrap();
    let header = HEADER as u64;
    let usage = Usage {
        changes: 2,
        journal_bytes: 2 * (header + 10),
        pages: 32,
        page_bytes: 2 * (header + 8) + 30 * (header + 1000),
        files: 1,
        file_bytes: header + 8,
        meta: 1,
        meta_bytes: header + 8,
    };
    assert_eq!(store.usage().await.unwrap(), usage);
    assert_eq!(usage.bytes(), 36 * header + 20 + 16 + 30_000 + 8 + 8);
}

async fn clearing_leaves_nothing(disk: impl Disk) {
    let store = disk.open().await;
    store.commit(commit(1, "Ana")).await.unwrap();
    store.clear().await.unwrap();
    assert_eq!(store.usage().await.unwrap(), Usage::default());
    store.close();
    let store = disk.open().await;
    assert_eq!(store.journal(0).await.unwrap(), []);
    assert_eq!(store.page_ids().await.unwrap(), []);
    store.commit(commit(1, "Luis")).await.unwrap();
}

async fn a_lease_is_had_by_one_until_it_runs_out(disk: impl Disk) {
    let (one, other) = (disk.open().await, disk.open().await);
    assert!(one.lease("one", 1_000, 4_000).await.unwrap());
    assert!(!other.lease("other", 3_999, 7_000).await.unwrap());
    assert!(one.lease("one", 3_999, 7_000).await.unwrap(), "renewed");
    assert!(!other.lease("other", 4_000, 7_000).await.unwrap());
    assert!(other.lease("other", 7_000, 9_000).await.unwrap());
    assert!(!one.lease("one", 7_500, 9_000).await.unwrap());
    other.release(None).await.unwrap();
    assert!(one.lease("one", 7_500, 9_000).await.unwrap());
}

async fn a_lease_is_passed_on_to_its_heir_alone(disk: impl Disk) {
    let (one, heir, other) = (disk.open().await, disk.open().await, disk.open().await);
    assert!(one.lease("one", 1_000, 4_000).await.unwrap());
    one.release(Some(("heir", 5_000))).await.unwrap();
    assert!(!one.lease("one", 2_000, 5_000).await.unwrap());
    assert!(!other.lease("other", 2_000, 5_000).await.unwrap());
    assert!(heir.lease("heir", 2_000, 5_000).await.unwrap());
    // And an heir who does not come keeps nobody waiting for ever.
    heir.release(Some(("one", 6_000))).await.unwrap();
    assert!(!other.lease("other", 5_999, 9_000).await.unwrap());
    assert!(other.lease("other", 6_000, 9_000).await.unwrap());
}

async fn whoever_lost_the_lease_writes_nothing(disk: impl Disk) {
    let (one, other) = (disk.open().await, disk.open().await);
    assert!(one.lease("one", 0, 1_000).await.unwrap());
    one.commit(commit(1, "Ana")).await.unwrap();
    assert!(other.lease("other", 1_000, 2_000).await.unwrap());
    assert_eq!(one.commit(commit(2, "Eva")).await, Err(StoreError::Lost));
    assert_eq!(
        one.write_pages(vec![(page(9), bytes(9, 10))]).await,
        Err(StoreError::Lost)
    );
    assert_eq!(one.clear().await, Err(StoreError::Lost));
    assert_eq!(one.release(None).await, Ok(()), "nothing is left to give up");
    other.commit(commit(2, "Zoe")).await.unwrap();
    assert_eq!(other.journal(2).await.unwrap(), [(2, Ok(b"change Zoe".to_vec()))]);
    assert_eq!(other.page_ids().await.unwrap(), [page(1), page(2)]);
}

async fn clearing_keeps_the_lease(disk: impl Disk) {
    let (one, other) = (disk.open().await, disk.open().await);
    assert!(one.lease("one", 0, 1_000).await.unwrap());
    one.commit(commit(1, "Ana")).await.unwrap();
    one.clear().await.unwrap();
    assert_eq!(one.journal(0).await.unwrap(), []);
    assert_eq!(one.meta("last").await.unwrap(), None);
    assert!(!other.lease("other", 999, 2_000).await.unwrap());
    one.commit(commit(1, "Eva")).await.unwrap();
}

async fn a_closed_store_says_so(disk: impl Disk) {
    let store = disk.open().await;
    store.commit(commit(1, "Ana")).await.unwrap();
    store.close();
    store.close();
    assert_eq!(store.commit(commit(2, "Luis")).await, Err(StoreError::Closed));
    assert_eq!(store.rewrite(Rewrite::default()).await, Err(StoreError::Closed));
    assert_eq!(
        store.write_pages(vec![(page(9), vec![])]).await,
        Err(StoreError::Closed)
    );
    assert_eq!(store.journal(0).await, Err(StoreError::Closed));
    assert_eq!(store.pages(&[page(1)]).await, Err(StoreError::Closed));
    assert_eq!(store.page_ids().await, Err(StoreError::Closed));
    assert_eq!(store.meta("last").await, Err(StoreError::Closed));
    assert_eq!(store.usage().await, Err(StoreError::Closed));
    assert_eq!(store.clear().await, Err(StoreError::Closed));
    assert_eq!(disk.open().await.journal(0).await.unwrap().len(), 1);
}

async fn numbers_that_are_no_exact_keys_are_refused(disk: impl Disk) {
    let store = disk.open().await;
    let number = MAX_NUMBER + 1;
    assert_eq!(
        store.commit(commit(number, "Ana")).await,
        Err(StoreError::Number { number })
    );
    let pages = vec![(page(1), vec![1]), (page(number), vec![2])];
    assert_eq!(
        store
            .commit(Commit {
                pages,
                ..commit(1, "Ana")
            })
            .await,
        Err(StoreError::Number { number })
    );
    assert_eq!(
        store.pages(&[page(number)]).await,
        Err(StoreError::Number { number })
    );
    assert_eq!(
        store.delete_pages(&[page(number)]).await,
        Err(StoreError::Number { number })
    );
    assert_eq!(store.journal(number).await, Err(StoreError::Number { number }));
    assert_eq!(store.usage().await.unwrap(), Usage::default());
}

async fn nothing_to_do_is_no_error(disk: impl Disk) {
    let store = disk.open().await;
    store.write_pages(vec![]).await.unwrap();
    store.delete_pages(&[]).await.unwrap();
    store.rewrite(Rewrite::default()).await.unwrap();
    assert_eq!(store.pages(&[]).await.unwrap(), []);
    assert_eq!(store.usage().await.unwrap(), Usage::default());
}

#[cfg(not(target_arch = "wasm32"))]
mod memory {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::{MemoryDisk, MemoryStore};

    impl Disk for MemoryDisk {
        type Store = MemoryStore;

        async fn open(&self) -> MemoryStore {
            MemoryDisk::open(self)
        }

        async fn put_raw(&self, key: Key, record: Vec<u8>) {
            MemoryDisk::put_raw(self, key, record);
        }
    }

    /// The twin never waits, so one poll is all it takes.
    pub(super) fn ready<T>(future: impl Future<Output = T>) -> T {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => value,
            Poll::Pending => panic!("the twin waited for something"),
        }
    }

    #[test]
    fn a_full_disk_refuses_and_keeps_what_it_has() {
        ready(async {
            let disk = MemoryDisk::new();
            let store = disk.open();
            store.commit(commit(1, "Ana")).await.unwrap();
            let before = store.usage().await.unwrap();
            disk.limit(Some(before.bytes() + 30));
            let needed = Some(4 * HEADER as u64 + 12 + 3 * 10);
            assert_eq!(
                store.commit(commit(2, "Luisa")).await,
                Err(StoreError::Full { needed })
            );
            assert_eq!(store.usage().await.unwrap(), before);
            // Two fit, the third doesn't; they are leftovers now.
            let pages = (5..9).map(|id| (page(id), vec![0; 5])).collect();
            assert_eq!(
                store.write_pages(pages).await,
                Err(StoreError::Full { needed: Some(2 * 15) })
            );
            assert_eq!(store.page_ids().await.unwrap(), [page(1), page(5), page(6)]);
            // What makes room is never refused.
            store.delete_pages(&[page(5)]).await.unwrap();
            disk.limit(Some(0));
            store.delete_pages(&[page(6)]).await.unwrap();
            disk.limit(None);
            store.commit(commit(2, "Luisa")).await.unwrap();
        });
    }

    #[test]
    fn the_envelope_rests_with_the_record() {
        ready(async {
            let disk = MemoryDisk::new();
            disk.open().put_meta("a", b"Ana".to_vec()).await.unwrap();
            let key = Key::Meta("a".to_owned());
            assert_eq!(disk.raw(&key), Some([&seal(&key, b"Ana")[..], b"Ana"].concat()));
        });
    }
}

#[cfg(target_arch = "wasm32")]
mod indexed {
    use js_sys::{Function, Promise, Reflect, Uint8Array};
    use rexie::{ObjectStore, Rexie, TransactionMode};
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;
    use crate::strict::Link;
    use crate::{IndexedStore, indexed, strict};

    // Where the product runs it.
    wasm_bindgen_test_configure!(run_in_shared_worker);

    /// The name of a database; one for each case.
    pub(super) struct Database(String);

    impl Database {
        pub(super) async fn fresh(case: &str) -> Database {
            let name = format!("corral:/store suite/:{case}");
            IndexedStore::delete(&name).await.unwrap();
            Database(name)
        }

        /// Sets any value under a key.
        async fn put_value(&self, key: &Key, value: &JsValue) {
            let rexie = Rexie::builder(&self.0).build().await.unwrap();
            let transaction = rexie
                .transaction(&[key.place()], TransactionMode::ReadWrite)
                .unwrap();
            let store = transaction.store(key.place()).unwrap();
            store.put(value, Some(&strict::key_value(key))).await.unwrap();
            transaction.done().await.unwrap();
            rexie.close();
        }
    }

    impl Disk for Database {
        type Store = IndexedStore;

        async fn open(&self) -> IndexedStore {
            IndexedStore::open(&self.0).await.unwrap()
        }

        async fn put_raw(&self, key: Key, record: Vec<u8>) {
            self.put_value(&key, &Uint8Array::from(record.as_slice())).await;
        }
    }

    /// Runs JavaScript with the name of a database, as `name`.
    fn run(database: &Database, script: &str) -> JsValue {
        Function::new_with_args("name", script)
            .call1(&JsValue::NULL, &JsValue::from_str(&database.0))
            .unwrap()
    }

    /// Makes a method of `IDBObjectStore` throw for one database, where `condition` (over `this`, `key` and
    /// `value`) holds; gives what restores it.
    fn break_method(database: &Database, method: &str, condition: &str, error: &str) -> Function {
        let script = format!(
            "const kept = IDBObjectStore.prototype.{method};
             IDBObjectStore.prototype.{method} = function (...args) {{
                 const [key, value] = '{method}' === 'put' ? [args[1], args[0]] : args;
                 if (this.transaction.db.name === name && ({condition})) {{
                     throw new DOMException('broken by a test', '{error}');
                 }}
                 return kept.apply(this, args);
             }};
             return () => {{ IDBObjectStore.prototype.{method} = kept; }};"
        );
        run(database, &script).unchecked_into()
    }

    fn restore(method: &Function) {
        method.call0(&JsValue::NULL).unwrap();
    }

    #[wasm_bindgen_test]
    async fn the_database_has_version_1_and_four_stores() {
        let database = Database::fresh("schema").await;
        database.open().await.close();
        let rexie = Rexie::builder(&database.0).build().await.unwrap();
        assert_eq!(rexie.version(), Ok(1));
        assert_eq!(rexie.store_names(), ["files", "journal", "meta", "pages"]);
        rexie.close();
    }

    #[wasm_bindgen_test]
    async fn a_newer_database_is_refused_and_left_as_it_is() {
        let database = Database::fresh("newer").await;
        let builder = Rexie::builder(&database.0).version(7);
        builder
            .add_object_store(ObjectStore::new("of the future"))
            .build()
            .await
            .unwrap()
            .close();
        assert_eq!(
            IndexedStore::open(&database.0).await.err(),
            Some(StoreError::Version { found: 7 })
        );
        let rexie = Rexie::builder(&database.0).build().await.unwrap();
        assert_eq!(
            (rexie.version(), rexie.store_names()),
            (Ok(7), vec!["of the future".to_owned()])
        );
        rexie.close();
    }

    #[wasm_bindgen_test]
    async fn a_database_of_somebody_else_is_refused() {
        let database = Database::fresh("foreign").await;
        let builder = Rexie::builder(&database.0).version(1);
        builder
            .add_object_store(ObjectStore::new("pages"))
            .build()
            .await
            .unwrap()
            .close();
        let error = IndexedStore::open(&database.0).await.err();
        assert_eq!(
            error,
            Some(StoreError::Other("the database has no “meta”".to_owned()))
        );
    }

    #[wasm_bindgen_test]
    async fn writes_are_strictly_durable() {
        let database = Database::fresh("durable").await;
        let store = database.open().await;
        let link = Link::open(&database.0).await.unwrap();
        let transaction = link.begin(&["meta"]).unwrap();
        let durability = Reflect::get(&transaction, &"durability".into()).unwrap();
        // WebKit has no such property yet.
        assert!(
            durability == "strict" || durability.is_undefined(),
            "{durability:?}"
        );
        store.close();
    }

    #[wasm_bindgen_test]
    async fn a_quota_exceeded_midway_leaves_nothing_behind() {
        let database = Database::fresh("quota").await;
        let store = database.open().await;
        store.commit(commit(1, "Ana")).await.unwrap();
        let before = store.usage().await.unwrap();
        let broken = break_method(&database, "put", "this.name === 'meta'", "QuotaExceededError");
        let refused = store.commit(commit(2, "Ana")).await;
        restore(&broken);
        assert_eq!(
            refused,
            Err(StoreError::Full {
                needed: Some(4 * HEADER as u64 + 10 + 3 * 8)
            })
        );
        assert_eq!(store.usage().await.unwrap(), before);
        store.commit(commit(2, "Ana")).await.unwrap();
    }

    #[wasm_bindgen_test]
    async fn a_full_disk_says_how_many_bytes_of_pages_are_missing() {
        let database = Database::fresh("full").await;
        let store = database.open().await;
        let pages = (1..=9).map(|id| (page(id), vec![0; 8 << 20])).collect();
        let broken = break_method(&database, "put", "key === 5", "QuotaExceededError");
        let refused = store.write_pages(pages).await;
        restore(&broken);
        // Three went into the first transaction (a fourth would have passed 32 MiB), the next three failed.
        assert_eq!(
            refused,
            Err(StoreError::Full {
                needed: Some(6 * ((8 << 20) + HEADER as u64))
            })
        );
        assert_eq!(store.page_ids().await.unwrap(), [page(1), page(2), page(3)]);
    }

    #[wasm_bindgen_test]
    async fn a_record_the_browser_cannot_read_does_not_hide_its_neighbours() {
        let database = Database::fresh("unreadable").await;
        let store = database.open().await;
        for change in 1..=3 {
            store.commit(commit(change, "Ana")).await.unwrap();
        }
        let broken = [
            break_method(&database, "getAll", "true", "UnknownError"),
            break_method(&database, "get", "key === 2", "UnknownError"),
        ];
        let (journal, pages) = (
            store.journal(0).await,
            store.pages(&[page(1), page(2), page(3)]).await,
        );
        let usage = store.usage().await;
        broken.iter().rev().for_each(restore);
        let damage = Damage::Unreadable("UnknownError: broken by a test".to_owned());
        let good = Ok(b"change Ana".to_vec());
        assert_eq!(
            journal.unwrap(),
            [(1, good.clone()), (2, Err(damage.clone())), (3, good)]
        );
        assert_eq!(
            pages.unwrap(),
            [found("page Ana"), Some(Err(damage)), found("page Ana")]
        );
        assert_eq!(usage.unwrap().pages, 3);
    }

    #[wasm_bindgen_test]
    async fn a_value_that_is_no_bytes_is_damaged_and_an_array_buffer_is_read() {
        let database = Database::fresh("values").await;
        let store = database.open().await;
        store.commit(commit(1, "Ana")).await.unwrap();
        database
            .put_value(&Key::Change(2), &JsValue::from_str("text"))
            .await;
        database.put_value(&Key::Change(3), &JsValue::UNDEFINED).await;
        let key = Key::Change(4);
        let record = [&seal(&key, b"Luis")[..], b"Luis"].concat();
        database
            .put_value(&key, &Uint8Array::from(record.as_slice()).buffer())
            .await;
        assert_eq!(
            store.journal(0).await.unwrap(),
            [
                (1, Ok(b"change Ana".to_vec())),
                (2, Err(Damage::Foreign)),
                (3, Err(Damage::Foreign)),
                (4, Ok(b"Luis".to_vec()))
            ]
        );
    }

    #[wasm_bindgen_test]
    async fn a_connection_the_browser_closed_is_opened_again() {
        let database = Database::fresh("lost").await;
        let store = database.open().await;
        store.commit(commit(1, "Ana")).await.unwrap();
        for with_event in [true, false] {
            indexed::lose(&store, with_event);
            assert_eq!(store.meta("last").await.unwrap(), Some(b"meta Ana".to_vec()));
            indexed::lose(&store, with_event);
            store.put_meta("last", b"meta Ana".to_vec()).await.unwrap();
        }
        assert_eq!(store.journal(0).await.unwrap().len(), 1);
    }

    #[wasm_bindgen_test]
    async fn a_database_deleted_under_a_lost_connection_is_not_made_anew() {
        let database = Database::fresh("gone").await;
        let store = database.open().await;
        store.commit(commit(1, "Ana")).await.unwrap();
        indexed::lose(&store, true);
        IndexedStore::delete(&database.0).await.unwrap();
        assert_eq!(store.commit(commit(2, "Luis")).await, Err(StoreError::Gone));
        assert_eq!(Link::open(&database.0).await.err(), Some(StoreError::Gone));
    }

    #[wasm_bindgen_test]
    async fn a_store_makes_way_for_a_deletion() {
        let database = Database::fresh("way").await;
        let store = database.open().await;
        store.commit(commit(1, "Ana")).await.unwrap();
        IndexedStore::delete(&database.0).await.unwrap();
        assert_eq!(store.commit(commit(2, "Luis")).await, Err(StoreError::Closed));
        assert_eq!(store.journal(0).await, Err(StoreError::Closed));
        assert_eq!(database.open().await.journal(0).await.unwrap(), []);
    }

    /// A connection past the store, which makes way for nobody; `then` is done as soon as the `request` has it.
    async fn opened(database: &Database, then: &str) -> JsValue {
        let script = format!(
            "return new Promise((resolve, reject) => {{
                const request = indexedDB.open(name);
                request.onsuccess = () => {{ {then}; resolve(request.result); }};
                request.onerror = () => reject(request.error);
            }});"
        );
        JsFuture::from(run(database, &script).unchecked_into::<Promise>())
            .await
            .unwrap()
    }

    #[wasm_bindgen_test]
    async fn somebody_who_does_not_make_way_at_once_holds_a_deletion_up() {
        let database = Database::fresh("held up").await;
        database.open().await.commit(commit(1, "Ana")).await.unwrap();
        opened(&database, "setTimeout(() => request.result.close(), 300)").await;
        assert_eq!(IndexedStore::delete(&database.0).await, Ok(()));
    }

    #[wasm_bindgen_test]
    async fn somebody_who_does_not_make_way_blocks_a_deletion() {
        let database = Database::fresh("blocked").await;
        database.open().await.commit(commit(1, "Ana")).await.unwrap();
        let other = opened(&database, "").await;
        assert_eq!(IndexedStore::delete(&database.0).await, Err(StoreError::Blocked));
        other.unchecked_into::<web_sys::IdbDatabase>().close();
        assert_eq!(database.open().await.journal(0).await.unwrap(), []);
    }
}
