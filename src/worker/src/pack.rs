//! Making bytes smaller with the browser's own deflate, where it has one.

use crate::error::Error;
use crate::transport::describe;
use engine::backup::Packing;
use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// The browsers' name for raw deflate.
const DEFLATE: &str = "deflate-raw";

#[wasm_bindgen]
extern "C" {
    type CompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;

    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;

    /// A `ReadableStream`.
    type Stream;
    #[wasm_bindgen(method, catch, js_name = pipeThrough)]
    fn pipe_through(this: &Stream, through: &JsValue) -> Result<Stream, JsValue>;

    #[wasm_bindgen(extends = Blob)]
    type Streaming;
    #[wasm_bindgen(method, catch)]
    fn stream(this: &Streaming) -> Result<Stream, JsValue>;

    type Response;
    #[wasm_bindgen(constructor, catch)]
    fn new(body: &JsValue) -> Result<Response, JsValue>;
    #[wasm_bindgen(method, catch, js_name = arrayBuffer)]
    fn array_buffer(this: &Response) -> Result<Promise, JsValue>;
}

fn through(bytes: &[u8], stream: &JsValue) -> Result<Promise, JsValue> {
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))?;
    let out = blob
        .unchecked_into::<Streaming>()
        .stream()?
        .pipe_through(stream)?;
    Response::new(&out)?.array_buffer()
}

/// Packs bytes; where the browser can't, or where they would not get smaller, they stay as they are.
///
/// # Errors
/// When the browser fails at it.
pub async fn pack(plain: Vec<u8>) -> Result<(Packing, Vec<u8>), Error> {
    let Ok(stream) = CompressionStream::new(DEFLATE) else {
        return Ok((Packing::Plain, plain));
    };
    let packed = through(&plain, &stream).map_err(|error| Error::Browser(describe(&error)))?;
    let packed = JsFuture::from(packed).await;
    let packed = Uint8Array::new(&packed.map_err(|error| Error::Browser(describe(&error)))?);
    if (packed.length() as usize) < plain.len() {
        Ok((Packing::Deflate, packed.to_vec()))
    } else {
        Ok((Packing::Plain, plain))
    }
}

/// Unpacks bytes; none where they are not what was packed.
///
/// # Errors
/// [`Error::NoUnpacking`] where the browser can't.
pub async fn unpack(packing: Packing, packed: Vec<u8>) -> Result<Option<Vec<u8>>, Error> {
    if packing == Packing::Plain {
        return Ok(Some(packed));
    }
    let stream = DecompressionStream::new(DEFLATE).map_err(|_| Error::NoUnpacking)?;
    let plain = through(&packed, &stream).map_err(|error| Error::Browser(describe(&error)))?;
    let plain = JsFuture::from(plain).await.ok();
    Ok(plain.map(|plain| Uint8Array::new(&plain).to_vec()))
}
