//! The passphrase of a backup: AES-256-GCM by a key that PBKDF2 makes of it, both the browser's own.
//!
//! Bound by hand: web-sys would bring a type for each algorithm.

use crate::error::Error;
use crate::transport::describe;
use engine::backup::{Broken, Frame, Kind, Lock, Packing, additional, nonce};
use js_sys::{Array, JsString, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// How often PBKDF2-HMAC-SHA-256 hashes: OWASP, *Password Storage Cheat Sheet*, section PBKDF2 (600,000).
const ROUNDS: u32 = 600_000;
/// A file that asks for more was changed; hashing so often takes minutes.
const MOST_ROUNDS: u32 = 100_000_000;
/// The number under whose nonce the check of the passphrase is encrypted; no frame has it.
const CHECK: u64 = u64::MAX;

#[wasm_bindgen]
extern "C" {
    /// `crypto.subtle`
    #[derive(Clone, Debug)]
    type Subtle;

    #[wasm_bindgen(method, catch, js_name = importKey)]
    fn import_key(
        this: &Subtle,
        format: &str,
        data: &Uint8Array,
        algorithm: &str,
        extractable: bool,
        usages: &Array,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = deriveKey)]
    fn derive_key(
        this: &Subtle,
        algorithm: &Object,
        from: &JsValue,
        to: &Object,
        extractable: bool,
        usages: &Array,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn encrypt(
        this: &Subtle,
        algorithm: &Object,
        key: &JsValue,
        data: &Uint8Array,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn decrypt(
        this: &Subtle,
        algorithm: &Object,
        key: &JsValue,
        data: &Uint8Array,
    ) -> Result<Promise, JsValue>;

    /// `crypto`
    type Crypto;

    #[wasm_bindgen(method, catch, js_name = getRandomValues)]
    fn fill_random(this: &Crypto, into: &Uint8Array) -> Result<JsValue, JsValue>;
}

fn refused(error: JsValue) -> Error {
    Error::Browser(describe(&error))
}

fn crypto() -> Result<(Crypto, Subtle), Error> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).map_err(refused)?;
    // Pages that came over plain HTTP have none.
    let subtle = Reflect::get(&crypto, &"subtle".into()).unwrap_or_default();
    if subtle.is_object() {
        Ok((crypto.unchecked_into(), subtle.unchecked_into()))
    } else {
        Err(Error::NoCrypto)
    }
}

fn object(entries: &[(&str, JsValue)]) -> Result<Object, Error> {
    let object = Object::new();
    for (name, value) in entries {
        Reflect::set(&object, &(*name).into(), value).map_err(refused)?;
    }
    Ok(object)
}

fn bytes(bytes: &[u8]) -> Uint8Array {
    Uint8Array::from(bytes)
}

/// A key made of a passphrase.
#[derive(Clone, Debug)]
pub struct Vault {
    subtle: Subtle,
    key: JsValue,
}

impl Vault {
    /// A new key, and what the head of the file says of it.
    ///
    /// # Errors
    /// [`Error::NoCrypto`] where the page came over plain HTTP.
    pub async fn lock(passphrase: &str) -> Result<(Vault, Lock), Error> {
        let salt = Uint8Array::new_with_length(16);
        crypto()?.0.fill_random(&salt).map_err(refused)?;
        let mut lock = Lock {
            salt: [0; 16],
            rounds: ROUNDS,
            check: Vec::new(),
        };
        salt.copy_to(&mut lock.salt);
        let vault = Vault::derive(passphrase, &lock).await?;
        lock.check = vault.seal(CHECK, Kind::About, Packing::Plain, &[0; 16]).await?;
        Ok((vault, lock))
    }

    /// The key of a file.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`]; [`Error::NoCrypto`] where the page came over plain HTTP.
    pub async fn unlock(passphrase: &str, lock: &Lock) -> Result<Vault, Error> {
        if lock.rounds == 0 || lock.rounds > MOST_ROUNDS {
            return Err(Error::Backup(Broken::Changed { at: 0 }));
        }
        let vault = Vault::derive(passphrase, lock).await?;
        let check = vault
            .open(CHECK, Kind::About, Packing::Plain, &lock.check)
            .await?;
        check.map(|_| vault).ok_or(Error::WrongPassphrase)
    }

    async fn derive(passphrase: &str, lock: &Lock) -> Result<Vault, Error> {
        let (_, subtle) = crypto()?;
        // The same letters typed on another keyboard are the same passphrase.
        let typed = String::from(JsString::from(passphrase).normalize("NFKC"));
        let usages = Array::of1(&"deriveKey".into());
        let base = subtle
            .import_key("raw", &bytes(typed.as_bytes()), "PBKDF2", false, &usages)
            .map_err(refused)?;
        let base = JsFuture::from(base).await.map_err(refused)?;
        let how = object(&[
            ("name", "PBKDF2".into()),
            ("hash", "SHA-256".into()),
            ("salt", bytes(&lock.salt).into()),
            ("iterations", lock.rounds.into()),
        ])?;
        let what = object(&[("name", "AES-GCM".into()), ("length", 256.into())])?;
        let usages = Array::of2(&"encrypt".into(), &"decrypt".into());
        let key = subtle
            .derive_key(&how, &base, &what, false, &usages)
            .map_err(refused)?;
        let key = JsFuture::from(key).await.map_err(refused)?;
        Ok(Vault { subtle, key })
    }

    fn algorithm(number: u64, kind: Kind, packing: Packing) -> Result<Object, Error> {
        object(&[
            ("name", "AES-GCM".into()),
            ("iv", bytes(&nonce(number)).into()),
            ("additionalData", bytes(&additional(number, kind, packing)).into()),
        ])
    }

    /// Encrypts the payload of a frame.
    ///
    /// # Errors
    /// When the browser refuses it.
    pub async fn seal(
        &self,
        number: u64,
        kind: Kind,
        packing: Packing,
        payload: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let how = Vault::algorithm(number, kind, packing)?;
        let sealed = self
            .subtle
            .encrypt(&how, &self.key, &bytes(payload))
            .map_err(refused)?;
        let sealed = JsFuture::from(sealed).await.map_err(refused)?;
        Ok(Uint8Array::new(&sealed).to_vec())
    }

    /// Decrypts the payload of a frame; none where it is not what was encrypted.
    ///
    /// # Errors
    /// When the browser refuses it.
    pub async fn open_frame(&self, frame: &Frame) -> Result<Option<Vec<u8>>, Error> {
        self.open(frame.number, frame.kind, frame.packing, &frame.payload)
            .await
    }

    async fn open(
        &self,
        number: u64,
        kind: Kind,
        packing: Packing,
        payload: &[u8],
    ) -> Result<Option<Vec<u8>>, Error> {
        let how = Vault::algorithm(number, kind, packing)?;
        let opened = self
            .subtle
            .decrypt(&how, &self.key, &bytes(payload))
            .map_err(refused)?;
        // Nothing but a key or bytes that don't fit make it fail.
        let opened = JsFuture::from(opened).await.ok();
        Ok(opened.map(|opened| Uint8Array::new(&opened).to_vec()))
    }
}
