//! Everything that can be wrong with a directory, by conformance row, one thing at a time.

/// Where a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Before and beside all answers.
    Connection,
    /// The certificate.
    Tls,
    /// The answer to `StartTLS`, and what follows it.
    StartTls,
    /// A bind of anybody but the service account.
    Bind,
    /// A search that finds a person.
    Search,
    /// Both of these.
    Answer,
    /// The change of a password.
    Change,
}

/// Declares the faults with their rows.
macro_rules! faults {
    ($($row:literal $stage:ident {
        $($(#[doc = $doc:literal])* $fault:ident $(($kind:ty = $example:literal))?,)*
    })*) => {
        /// One thing that is wrong. The service account's own bind is always answered well, so that a look-up comes as
        /// far as it can.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum DirectoryFault {
            $($($(#[doc = $doc])* $fault $(($kind))?,)*)*
        }

        impl DirectoryFault {
            /// All of them; one that takes a number, with an example.
            pub const ALL: &[Self] = &[$($(Self::$fault $(($example))?,)*)*];

            /// The conformance row that it belongs to.
            #[must_use]
            pub const fn row(self) -> &'static str {
                match self {
                    $($(Self::$fault { .. })|* => $row,)*
                }
            }

            pub(super) const fn stage(self) -> Stage {
                match self {
                    $($(Self::$fault { .. })|* => Stage::$stage,)*
                }
            }
        }
    };
}

faults! {
    "LDAP-01" Search {
        /// Two entries where one is asked for; the other has another DN.
        TwoEntries,
        /// An entry whose `sAMAccountName` and `userPrincipalName` are somebody else's.
        EntryOfSomebodyElse,
        /// The whole entry of another person of the domain, whoever was asked for.
        AnotherPersonsEntry,
    }
    "LDAP-02" Search {
        /// An entry that stands in another domain than the base.
        EntryOutsideBase,
        /// An entry below the base, of another name than the good one.
        EntryRenamed,
    }
    "LDAP-04" Bind {
        /// The good answer under message id 0.
        BindIdZero,
        /// The good answer under the id of no request.
        BindIdWrong,
        /// Code 10, with the attacker's address.
        BindReferral,
        /// Code 14: the method of nobody who binds with a password.
        BindSaslInProgress,
        /// A notice of disconnection, then the good answer (RFC 4511 §4.4.1).
        NoticeBefore,
        /// The notice alone, and the end of the connection.
        NoticeInstead,
        /// The good answer, then the notice and the end.
        NoticeAfter,
        /// As Active Directory writes it, with the name outside the response: before,
        OddNoticeBefore,
        /// instead of,
        OddNoticeInstead,
        /// and after the good answer.
        OddNoticeAfter,
        /// Success, as the end of a search.
        BindOtherResponse,
        /// Success for every password, and the connection is nobody's: reading is refused.
        BindPretended,
    }
    "LDAP-05" Search {
        /// Code 10 with the attacker's address instead of the entries.
        SearchReferral,
        /// The attacker's address beside the good entries.
        SearchReferences,
    }
    "LDAP-06" StartTls {
        /// Code 2: unknown operation.
        StartTlsUnknown,
        /// Code 53: unwilling.
        StartTlsUnwilling,
        /// Octets that are no LDAP.
        StartTlsGarbage,
        /// Success, with answers to binds not yet sent behind it in the clear; TLS follows.
        StartTlsInjected,
        /// Success, and no handshake.
        StartTlsThenSilence,
        /// Success, and LDAP goes on in the clear.
        StartTlsThenPlain,
    }
    "LDAP-06" Connection {
        /// LDAP in the clear where TLS is expected from the first octet on.
        PlainInsteadOfTls,
    }
    "LDAP-07" Tls {
        /// Of the right authority, for `elsewhere.example`.
        CertificateForAnotherHost,
        /// Of the right authority and for the right host, and over since 2022.
        CertificateExpired,
        /// For the right host, of another authority.
        CertificateOfUnknownAuthority,
        /// For the right host, of itself.
        CertificateSelfSigned,
        /// Of the right authority, for 127.0.0.1 and no name: good for who connects to the address alone.
        CertificateForAddressOnly,
    }
    "LDAP-08" Bind {
        /// A refused bind whose text has no `data`.
        ErrorWithoutData,
        /// A refused bind with `data 1`.
        ErrorWithUnknownData,
        /// A refused bind with 64 KiB of text and control characters.
        ErrorFlood,
    }
    "LDAP-08" Change {
        /// Success, and the password is the old one.
        ChangePretended,
    }
    "LDAP-09" Search {
        /// `objectSid` begins with 2.
        SidRevisionTwo,
        /// `objectSid` without its last octet.
        SidTruncated,
        /// `objectSid` with 16 sub-authorities.
        SidTooLong,
        /// `objectSid` of another domain.
        SidOfAnotherDomain,
        /// `S-1-5-32-544`.
        SidWellKnown,
        /// Two values.
        SidTwice,
        /// No value.
        SidMissing,
    }
    "LDAP-10" Search {
        /// 15 octets.
        GuidTooShort,
        /// 17 octets.
        GuidTooLong,
    }
    "LDAP-14" Search {
        /// `alice@evil.example@corp.example`.
        MailWithTwoSigns,
        /// A line feed and a NUL.
        MailWithControls,
    }
    "LDAP-15" Search {
        /// `tokenGroups` has half of its values, and the search ends with code 4.
        TokensTruncated,
        /// `tokenGroups` has values that are no SIDs.
        TokensJunk,
        /// No `tokenGroups`, as for who may not read them.
        TokensMissing,
        /// `tokenGroups` has a group of `S-1-5-21-1-2-3` as well, which is another domain.
        TokensOfOthers,
        /// `memberOf` and `tokenGroups` come in parts of one value, and there is always another.
        RangeEndless,
        /// The first part comes again, whichever is asked for.
        RangeRepeats,
    }
    "LDAP-16" Search {
        /// No `userAccountControl`.
        ControlMissing,
        /// A `userAccountControl` that is no number.
        ControlJunk,
    }
    "LDAP-17" Search {
        /// Two addresses.
        MailTwice,
        /// An empty address.
        MailEmpty,
        /// Two UPNs.
        UpnTwice,
        /// A UPN that is no text.
        UpnBinary,
    }
    "LDAP-18" Search {
        /// The entry again and again, without an end.
        EndlessEntries,
    }
    "LDAP-18" Answer {
        /// A value of 1 GiB is announced, and does not come.
        HugeValue,
        /// 512 KiB is announced, and comes by one octet a second.
        Dribble,
        /// Half of the good answer, then nothing.
        HalfThenSilence,
        /// The good answer, with an announced length of 2³¹ octets.
        Length31,
        /// The same with 2⁶³.
        Length63,
        /// The good answer in the form without a length, which LDAP forbids (RFC 4511 §5.1).
        IndefiniteLength,
        /// 10,000 sequences in one another.
        DeepNesting,
        /// A message without anything in it.
        EmptySequence,
        /// A response without anything in it.
        EmptyResponse,
        /// A response with a code and nothing behind it.
        MissingElements,
        /// Numbers where octet strings have to be.
        WrongTypes,
        /// The good answer under a negative message id.
        NegativeId,
    }
    "LDAP-19" Connection {
        /// So many milliseconds before each answer.
        Slow(u32 = 1500),
        /// Connections are taken, and nothing is said.
        NeverAnswers,
        /// The end of the connection right after the handshake.
        ClosesAfterTls,
        /// Nobody listens.
        RefusesConnections,
    }
    "LDAP-19" Bind {
        /// Half of the good answer, then the end.
        ClosesInBind,
    }
}
