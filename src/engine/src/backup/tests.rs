//! What must hold of the file of a backup: it is read as it was written, or not at all.

use super::*;
use crate::demo::tests::loaded;
use crate::journal::{ChangeSet, PageId, Pages};
use crate::page::Page;
use crate::workspace::{Opening, Workspace};
use model::backup::BackupAbout;
use proptest::prelude::*;
use std::rc::Rc;

type Records = Vec<(Key, Vec<u8>)>;

fn about() -> About {
    About {
        records: RECORDS,
        of: BackupAbout {
            name: "Olmo Shoes".into(),
            at: 1_795_473_000_000,
            contacts: 5_000,
            ..BackupAbout::default()
        },
    }
}

fn written(head: &Head, about: &About, records: &Records) -> Vec<u8> {
    let mut payloads = vec![(Kind::About, Texture::Texts, about.to_bytes())];
    let mut chunks = Chunks::default();
    let mut put = |chunk: Chunk| payloads.push((Kind::Records, chunk.texture, chunk.payload));
    for (key, bytes) in records {
        chunks.add(key, bytes).map(&mut put);
    }
    let (left, total) = chunks.finish();
    left.for_each(&mut put);
    payloads.push((Kind::End, Texture::Texts, total.to_bytes()));
    let mut file = head.to_bytes();
    for (number, (kind, texture, payload)) in payloads.into_iter().enumerate() {
        let mut packer = Packer::new(texture);
        payload.chunks(1 << 16).for_each(|piece| packer.push(piece));
        let (packing, payload) = packer.finish(payload);
        let frame = Frame {
            number: number as u64,
            kind,
            packing,
            payload,
        };
        file.extend(frame.to_bytes());
    }
    file
}

/// In the order of their keys: a file has those together that pack alike.
fn in_order(mut records: Records) -> Records {
    records.sort_by_cached_key(|(key, bytes)| (format!("{key:?}"), bytes.clone()));
    records
}

fn read(file: &[u8], piece: usize) -> Result<(Head, About, Records), Broken> {
    let (mut unpacking, mut contents) = (Unpacking::default(), Contents::default());
    let (mut head, mut records) = (None, Vec::new());
    for piece in file.chunks(piece.max(1)) {
        unpacking.push(piece);
        let mut at = unpacking.place();
        while let Some(part) = unpacking.next_part()? {
            match part {
                Part::Head(found) => head = Some(found),
                Part::Frame(frame) => {
                    let payload = unpack(frame.packing, frame.payload).ok_or(Broken::Changed { at })?;
                    records.extend(contents.take(frame.kind, &payload, at)?);
                }
            }
            at = unpacking.place();
        }
    }
    unpacking.finish()?;
    Ok((head.unwrap(), contents.about().unwrap().clone(), records))
}

/// The workspace that records add up to.
fn opened(records: Records) -> Workspace {
    let (mut opening, mut pages) = (Opening::default(), Pages::default());
    for (key, bytes) in records {
        match key {
            Key::Change(_) => opening.record(&bytes).unwrap(),
            Key::Page(id) => pages.insert(PageId(id), Rc::new(Page::from_bytes(bytes).unwrap())),
            Key::File(_) | Key::Meta(_) => {}
        }
    }
    opening.finish(pages)
}

fn small() -> Vec<u8> {
    let records = vec![
        (Key::Change(1), b"first".to_vec()),
        (Key::Page(7), vec![0; 40]),
        (Key::File("rejected/1".into()), b"a,b\n1,2\n".to_vec()),
        (Key::Meta("clock".into()), Vec::new()),
    ];
    written(&Head::new(None), &about(), &records)
}

#[test]
fn a_file_that_ends_early_is_cut_off_wherever_it_ends() {
    let file = small();
    assert_eq!(read(&[], 1), Err(Broken::Foreign));
    for end in 1..file.len() {
        assert_eq!(read(&file[..end], 9), Err(Broken::Truncated), "{end} bytes");
    }
}

#[test]
fn a_changed_byte_is_noticed_wherever_it_is_and_is_no_early_end() {
    let file = small();
    for at in 0..file.len() {
        for bit in 0..8 {
            let mut changed = file.clone();
            changed[at] ^= 1 << bit;
            let expected = |broken: &Broken| match at {
                0..8 => *broken == Broken::Foreign,
                _ => matches!(broken, Broken::Changed { .. }),
            };
            let found = read(&changed, 4096).unwrap_err();
            // A length that grew beyond the end of the head can't be told from an early end.
            let grown = (10..14).contains(&at) && found == Broken::Truncated;
            assert!(expected(&found) || grown, "byte {at}, bit {bit}: {found:?}");
        }
    }
}

#[test]
fn something_after_the_end_is_noticed() {
    let mut file = small();
    let whole = file.len() as u64;
    file.push(0);
    assert_eq!(read(&file, 4096), Err(Broken::Changed { at: whole }));
}

#[test]
fn a_foreign_file_and_a_newer_one_are_told_apart() {
    for foreign in [&b"email,name\n"[..], b"PK\x03\x04", b"{}"] {
        assert_eq!(read(foreign, 3), Err(Broken::Foreign));
    }
    let newer = Head {
        format: 2,
        lock: None,
    };
    assert_eq!(
        read(&newer.to_bytes(), 5),
        Err(Broken::Newer { found: 2 }),
        "whatever comes after the head"
    );
    let records = About {
        records: RECORDS + 1,
        ..about()
    };
    let file = written(&Head::new(None), &records, &Vec::new());
    assert_eq!(read(&file, 64), Err(Broken::Newer { found: RECORDS + 1 }));
}

#[test]
fn frames_cannot_be_swapped_or_left_out() {
    let head = Head::new(None);
    let frame = |number, kind, payload: Vec<u8>| Frame {
        number,
        kind,
        packing: Packing::Plain,
        payload,
    };
    let mut chunks = Chunks::default();
    assert_eq!(chunks.add(&Key::Change(1), b"one"), None);
    let (mut left, total) = chunks.finish();
    let [about, records, end] = [
        frame(0, Kind::About, about().to_bytes()).to_bytes(),
        frame(1, Kind::Records, left.next().unwrap().payload).to_bytes(),
        frame(2, Kind::End, total.to_bytes()).to_bytes(),
    ];
    let file = |frames: &[&Vec<u8>]| {
        let mut file = head.to_bytes();
        frames.iter().for_each(|frame| file.extend_from_slice(frame));
        file
    };
    assert!(read(&file(&[&about, &records, &end]), 64).is_ok());
    for frames in [
        &[&records, &about, &end][..],
        &[&about, &end],
        &[&about, &about, &end],
    ] {
        assert!(matches!(read(&file(frames), 64), Err(Broken::Changed { .. })));
    }
    // Even where the numbers fit, what is missing is missed at the end.
    let early = frame(1, Kind::End, total.to_bytes()).to_bytes();
    assert!(matches!(
        read(&file(&[&about, &early]), 64),
        Err(Broken::Changed { .. })
    ));
}

#[test]
fn nonces_and_additional_data_differ_from_frame_to_frame() {
    assert_ne!(nonce(0), nonce(1));
    assert_ne!(
        additional(1, Kind::Records, Packing::Plain),
        additional(1, Kind::End, Packing::Plain)
    );
}

#[test]
fn the_demo_comes_back_hash_for_hash_with_its_history() {
    let (workspace, _) = loaded();
    let mut records: Records = Vec::new();
    for entry in workspace.journal().iter() {
        records.push((Key::Change(entry.set.id.0), entry.set.to_bytes()));
        for id in entry.set.page_ids() {
            let page = workspace.page(id).unwrap();
            records.push((Key::Page(id.0), page.bytes().to_vec()));
        }
    }
    let file = written(&Head::new(None), &about(), &records);
    let (_, _, back) = read(&file, 100_000).unwrap();
    let plain: usize = records.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(file.len() * 2 < plain, "{} of {plain} bytes", file.len());
    assert_eq!(in_order(back.clone()), in_order(records));

    let again = opened(back);
    assert_eq!(again.state_hash(), workspace.state_hash());
    let history = |of: &Workspace| -> Vec<ChangeSet> {
        of.journal().iter().map(|entry| (*entry.set).clone()).collect()
    };
    assert_eq!(history(&again), history(&workspace));
}

#[test]
fn a_backup_of_version_0_1_0_comes_back() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/fixtures/released/0.1.0.corral"
    );
    let (_, about, records) = read(&std::fs::read(file).unwrap(), 100_000).unwrap();
    assert_eq!((about.records, about.of.contacts), (1, 4_251));
    let workspace = opened(records);
    assert_eq!(workspace.alive().len(), 4_251);
    assert!(workspace.find(model::field::EMAIL, "ana@example.org").is_some());
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        any::<u64>().prop_map(Key::Change),
        any::<u64>().prop_map(Key::Page),
        ".{0,12}".prop_map(Key::File),
        "[a-z]{1,8}".prop_map(Key::Meta),
    ]
}

fn head() -> impl Strategy<Value = Head> {
    let lock = (
        any::<[u8; 16]>(),
        any::<u32>(),
        prop::collection::vec(any::<u8>(), 0..40),
    )
        .prop_map(|(salt, rounds, check)| Lock { salt, rounds, check });
    prop::option::of(lock).prop_map(Head::new)
}

/// Pages as they come: of texts and of numbers, sorted or not, recurring or not, of all widths.
fn page() -> impl Strategy<Value = Vec<u8>> {
    let numbers = (
        prop::collection::vec(any::<i64>(), 0..300),
        0_u32..64,
        any::<bool>(),
    );
    let numbers = numbers.prop_map(|(numbers, bits, sorted)| {
        let mut numbers: Vec<i64> = numbers.into_iter().map(|number| number >> bits).collect();
        if sorted {
            numbers.sort_unstable();
        }
        crate::page::page_of_numbers(&numbers).bytes().to_vec()
    });
    let texts = prop::collection::vec(".{0,9}", 0..300);
    let texts = texts.prop_map(|texts| {
        let page = crate::page::text_page(texts.iter().map(String::as_bytes));
        page.bytes().to_vec()
    });
    prop_oneof![numbers, texts]
}

proptest! {
    #[test]
    fn a_page_comes_back_from_every_form(page in page(), harm in prop::option::of((any::<prop::sample::Index>(), any::<u8>()))) {
        let mut page = page;
        if let Some((at, byte)) = harm {
            // Bytes that are no page come back too.
            let at = at.index(page.len());
            page[at] = byte;
        }
        let file = written(&Head::new(None), &about(), &vec![(Key::Page(3), page.clone())]);
        let (_, _, back) = read(&file, 1_000).unwrap();
        prop_assert_eq!(back, vec![(Key::Page(3), page)]);
    }

    #[test]
    fn what_is_written_is_read_whatever_the_pieces(
        head in head(),
        name in ".{0,20}",
        records in prop::collection::vec((key(), prop::collection::vec(any::<u8>(), 0..300)), 0..20),
        large in prop::option::of(1_usize << 19..3 << 19),
        piece in 1_usize..5_000,
    ) {
        let mut about = about();
        about.of.name = name;
        let mut records = records;
        records.extend(large.map(|length| (Key::Page(1), vec![7; length])));
        let file = written(&head, &about, &records);
        let (own_head, own_about, back) = read(&file, piece).unwrap();
        prop_assert_eq!((own_head, own_about), (head, about));
        prop_assert_eq!(in_order(back), in_order(records));
    }

    #[test]
    fn any_bytes_at_all_are_refused_or_read_but_never_a_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        keep in 0_usize..200,
    ) {
        prop_assert!(read(&bytes, 7).is_err());
        let mut file = small();
        file.truncate(keep);
        file.extend(bytes);
        prop_assert_eq!(read(&file, 64).is_ok(), file == small());
    }
}
