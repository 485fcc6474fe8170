//! Messages as bytes: postcard, in both directions and on both sides.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The bytes of a message.
///
/// # Errors
/// When serde refuses a value, which plain data never does.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, postcard::Error> {
    postcard::to_allocvec(message)
}

/// The message that bytes hold.
///
/// # Errors
/// When they were not written by [`encode`] in the same build.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, postcard::Error> {
    postcard::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::message::{Envelope, FromWorker, Reply, Request};
    use model::{ContactId, FieldId, Problem};

    #[test]
    fn what_is_sent_arrives() {
        let envelope = Envelope {
            id: 7,
            request: Request::EditContact {
                contact: ContactId(3),
                field: FieldId(2),
                value: "Ana López".into(),
            },
        };
        assert_eq!(decode::<Envelope>(&encode(&envelope).unwrap()).unwrap(), envelope);
        for result in [
            Ok(Reply::Count(u64::MAX)),
            Err(Problem::new("Email is taken", "").at("email")),
        ] {
            let message = FromWorker::Reply { id: 7, result };
            assert_eq!(decode::<FromWorker>(&encode(&message).unwrap()).unwrap(), message);
        }
    }

    #[test]
    fn a_cut_off_message_is_an_error() {
        let bytes = encode(&Envelope {
            id: 1,
            request: Request::Hello { lock: "tab".into() },
        })
        .unwrap();
        for length in 0..bytes.len() {
            assert!(decode::<Envelope>(&bytes[..length]).is_err(), "{length} bytes");
        }
    }
}
