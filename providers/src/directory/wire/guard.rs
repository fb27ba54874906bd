//! Between the directory's TLS stream and the LDAP library: passes on whole messages of a known shape that answer a question which
//! was asked, and ends the connection at anything else (LDAP-04, LDAP-18).

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::ber::Malformed;
use super::message::{Request, length, request, response};

/// Octets that may come between two questions.
const LARGEST_ANSWER: usize = 4 * 1024 * 1024;
/// Values in them.
const MOST_VALUES: usize = 100_000;
/// Messages in them. A directory may pass over how many entries we ask for: Samba does.
const MOST_MESSAGES: usize = 5_000;
const CHUNK: usize = 16 * 1024;

/// Why a connection ended, once it did; for the administrator.
pub(in super::super) type Cause = Arc<OnceLock<String>>;

/// Passes messages on in both directions until either side ends or the directory says what it must not.
pub(super) async fn pass(
    directory: impl AsyncRead + AsyncWrite + Unpin,
    library: impl AsyncRead + AsyncWrite + Unpin,
    cause: Cause,
) {
    let reason = match exchange(directory, library).await {
        Ok(()) => "the connection is closed".to_owned(),
        Err(reason) => reason,
    };
    let _ = cause.set(reason);
}

async fn exchange(
    mut directory: impl AsyncRead + AsyncWrite + Unpin,
    mut library: impl AsyncRead + AsyncWrite + Unpin,
) -> Result<(), String> {
    let mut guard = Guard::default();
    let (mut asked, mut answered) = (Vec::new(), Vec::new());
    loop {
        let (mut out, mut back) = ([0_u8; CHUNK], [0_u8; CHUNK]);
        tokio::select! {
            read = library.read(&mut out) => {
                let read = read.map_err(|error| error.to_string())?;
                if read == 0 {
                    return Ok(());
                }
                asked.extend_from_slice(out.get(..read).unwrap_or_default());
                while let Some(message) = first(&mut asked).map_err(|fault| fault.to_string())? {
                    guard.asks(&message).map_err(|fault| fault.to_string())?;
                    directory.write_all(&message).await.map_err(|error| error.to_string())?;
                }
                directory.flush().await.map_err(|error| error.to_string())?;
            }
            read = directory.read(&mut back) => {
                let read = read.map_err(|error| error.to_string())?;
                if read == 0 {
                    return Err("the directory closed the connection".to_owned());
                }
                answered.extend_from_slice(back.get(..read).unwrap_or_default());
                while let Some(message) = first(&mut answered).map_err(|fault| fault.to_string())? {
                    guard.answers(&message).map_err(|fault| fault.to_string())?;
                    library.write_all(&message).await.map_err(|error| error.to_string())?;
                }
            }
        }
    }
}

/// Takes the first whole message out of what has arrived.
fn first(arrived: &mut Vec<u8>) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>, Malformed> {
    match length(arrived)? {
        Some(length) if arrived.len() >= length => {
            Ok(Some(arrived.drain(..length).collect::<Vec<_>>().into()))
        }
        _ => Ok(None),
    }
}

/// The questions that wait for an answer.
#[derive(Debug, Default)]
struct Guard {
    waiting: HashMap<u32, Request>,
    messages: usize,
    received: usize,
    values: usize,
}

impl Guard {
    fn asks(&mut self, message: &[u8]) -> Result<(), Malformed> {
        let envelope = request(message)?;
        if let Some(kind) = envelope.kind {
            self.waiting.insert(envelope.id, kind);
            (self.messages, self.received, self.values) = (0, 0, 0);
        }
        Ok(())
    }

    fn answers(&mut self, message: &[u8]) -> Result<(), Malformed> {
        self.messages += 1;
        if self.messages > MOST_MESSAGES {
            return Err(Malformed("an answer has more than 5,000 messages"));
        }
        self.received += message.len();
        if self.received > LARGEST_ANSWER {
            return Err(Malformed("an answer is longer than 4 MiB"));
        }
        let envelope = response(message)?;
        self.values += envelope.values;
        if self.values > MOST_VALUES {
            return Err(Malformed("an answer has more than 100,000 values"));
        }
        match self.waiting.get(&envelope.id) {
            Some(request) if envelope.kind.answers(*request) => {}
            Some(_) => return Err(Malformed("an answer of another kind than was asked for")),
            None => return Err(Malformed("an answer to a question that nobody asked")),
        }
        if envelope.kind.is_last() {
            self.waiting.remove(&envelope.id);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::message::tests::entry_of;
    use super::*;

    const BIND: &[u8] = b"\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00";
    const SEARCH: &[u8] = b"\x30\x05\x02\x01\x02\x63\x00";
    const BOUND: &[u8] = b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00";
    const DONE_1: &[u8] = b"\x30\x0c\x02\x01\x01\x65\x07\x0a\x01\x00\x04\x00\x04\x00";

    #[test]
    fn an_answer_is_let_through_once_and_for_its_question() {
        let mut guard = Guard::default();
        assert!(guard.answers(BOUND).is_err(), "nobody asked");
        guard.asks(BIND).unwrap();
        assert!(guard.answers(DONE_1).is_err(), "a search's end is no answer to a bind");
        guard.answers(BOUND).unwrap();
        assert!(guard.answers(BOUND).is_err(), "a second time");
        guard.asks(SEARCH).unwrap();
        assert!(guard.answers(BOUND).is_err(), "another number");
    }

    #[test]
    fn an_answer_has_a_bound() {
        let mut guard = Guard::default();
        guard.asks(SEARCH).unwrap();
        let reference = |text: &[u8]| {
            let mut message = vec![0x30, 0x83];
            let length = text.len() + 13;
            message.extend_from_slice(&u32::try_from(length).unwrap().to_be_bytes()[1..]);
            message.extend_from_slice(b"\x02\x01\x02\x73\x83");
            message.extend_from_slice(&u32::try_from(text.len() + 5).unwrap().to_be_bytes()[1..]);
            message.extend_from_slice(b"\x04\x83");
            message.extend_from_slice(&u32::try_from(text.len()).unwrap().to_be_bytes()[1..]);
            message.extend_from_slice(text);
            message
        };
        let message = reference(&vec![b'x'; 512 * 1024]);
        let passed = (0..20).take_while(|_| guard.answers(&message).is_ok()).count();
        assert_eq!(passed, 7);
    }

    #[test]
    fn an_answer_has_so_many_values() {
        let mut guard = Guard::default();
        guard.asks(SEARCH).unwrap();
        let entry = entry_of(1, 15_000);
        let passed = (0..20).take_while(|_| guard.answers(&entry).is_ok()).count();
        assert_eq!(passed, 6);
    }

    #[test]
    fn an_answer_has_an_end() {
        let mut guard = Guard::default();
        guard.asks(SEARCH).unwrap();
        let entry = b"\x30\x09\x02\x01\x02\x64\x04\x04\x00\x30\x00";
        let passed = (0..10_000).take_while(|_| guard.answers(entry).is_ok()).count();
        assert_eq!(passed, MOST_MESSAGES);
        guard.asks(SEARCH).unwrap();
        guard.answers(entry).unwrap();
    }

    #[tokio::test]
    async fn messages_pass_whole_and_the_end_has_a_reason() {
        let (mut directory, ours) = tokio::io::duplex(1024);
        let (mut library, theirs) = tokio::io::duplex(1024);
        let cause = Cause::default();
        let task = tokio::spawn(pass(ours, theirs, Arc::clone(&cause)));
        library.write_all(BIND).await.unwrap();
        let mut seen = vec![0; BIND.len()];
        directory.read_exact(&mut seen).await.unwrap();
        assert_eq!(seen, BIND);
        let (start, rest) = BOUND.split_at(5);
        directory.write_all(start).await.unwrap();
        directory.write_all(rest).await.unwrap();
        let mut seen = vec![0; BOUND.len()];
        library.read_exact(&mut seen).await.unwrap();
        assert_eq!(seen, BOUND);
        directory.write_all(BOUND).await.unwrap();
        task.await.unwrap();
        assert_eq!(cause.get().map(String::as_str), Some("an answer to a question that nobody asked"));
        assert_eq!(library.read(&mut seen).await.unwrap(), 0);
    }
}
