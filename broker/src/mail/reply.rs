//! Answers of a server before TLS stands (RFC 5321 §4.2): as little of SMTP as STARTTLS needs, within bounds.
//!
//! The library goes on reading from the same buffer after STARTTLS, and would take what somebody put behind the answer in the
//! clear for the first answer under TLS. So we go that far ourselves, and look into the buffer.

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _};

/// RFC 5321 §4.5.3.1.5 has 512; servers write more.
const LONGEST_LINE: u64 = 1000;
const MOST_LINES: usize = 100;

/// An answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// Without the numbers.
    pub(super) lines: Vec<String>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReplyFault {
    #[error("the connection broke: {0}")]
    Broken(#[from] std::io::Error),
    #[error("the connection ended")]
    Ended,
    #[error("the answer is no SMTP")]
    Garbled,
}

impl Reply {
    /// Reads one.
    pub(super) async fn read(stream: &mut (impl AsyncBufRead + Unpin)) -> Result<Self, ReplyFault> {
        let mut lines = Vec::new();
        while lines.len() < MOST_LINES {
            let mut line = Vec::new();
            (&mut *stream).take(LONGEST_LINE).read_until(b'\n', &mut line).await?;
            if line.is_empty() {
                return Err(ReplyFault::Ended);
            }
            let line = String::from_utf8_lossy(&line).into_owned();
            let Line { status, last, text } = Line::parse(&line).ok_or(ReplyFault::Garbled)?;
            lines.push(text.to_owned());
            if last {
                return Ok(Self { status, lines });
            }
        }
        Err(ReplyFault::Garbled)
    }

    /// Whether an answer to EHLO has this keyword; the first line names the server.
    pub(super) fn offers(&self, keyword: &str) -> bool {
        let words = self.lines.iter().skip(1).filter_map(|line| line.split_whitespace().next());
        words.into_iter().any(|word| word.eq_ignore_ascii_case(keyword))
    }
}

struct Line<'a> {
    status: u16,
    last: bool,
    text: &'a str,
}

impl<'a> Line<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let line = line.strip_suffix('\n')?.trim_end_matches('\r');
        let (number, rest) = line.split_at_checked(3)?;
        let status = number.parse().ok().filter(|status| (200..600).contains(status))?;
        let (last, text) = match rest.split_at_checked(1) {
            None => (true, ""),
            Some((" ", text)) => (true, text),
            Some(("-", text)) => (false, text),
            Some(_) => return None,
        };
        Some(Self { status, last, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(text: &str) -> Result<Reply, ReplyFault> {
        Reply::read(&mut text.as_bytes()).await
    }

    #[tokio::test]
    async fn an_answer_ends_where_it_says() {
        let mut text = "250-mx.example greets\r\n250-SIZE 1\r\n250 starttls\r\n250 behind\r\n".as_bytes();
        let reply = Reply::read(&mut text).await.unwrap();
        assert_eq!((reply.status, reply.lines.len()), (250, 3));
        assert!(reply.offers("STARTTLS") && reply.offers("SIZE") && !reply.offers("AUTH"));
        assert!(!reply.offers("mx.example"), "the first line is the server's name");
        assert_eq!(text, b"250 behind\r\n", "no octet more is taken");
        assert_eq!(read("220\r\n").await.unwrap().status, 220);
    }

    #[tokio::test]
    async fn what_is_no_answer_is_none() {
        let long = format!("220 {}\r\n", "x".repeat(1000));
        for text in [
            "SSH-2.0-x\r\n",
            "22\r\n",
            "2200 x\r\n",
            "220x\r\n",
            "199 x\r\n",
            "220 x",
            "é20 x\r\n",
            &long,
            &"250-x\r\n".repeat(101),
        ] {
            assert!(matches!(read(text).await, Err(ReplyFault::Garbled)), "{text}");
        }
        assert!(matches!(read("").await, Err(ReplyFault::Ended)));
        assert!(matches!(read("250-x\r\n").await, Err(ReplyFault::Ended)));
    }
}
