//! The program as operators and scripts use it, from outside: calls, answers, exit codes, signals (interface 1).

mod applying;
mod calls;
mod checking;
mod chromium;
mod demo;
mod faults;
mod gateway;
mod mailing;
mod recovering;
mod secrets;
mod serving;
mod signals;
mod token;

mod deployment;
mod directory;
mod program;
