//! How the connection stands.

/// How the connection to the worker stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The worker starts and opens the data; what is asked waits.
    Connecting,
    /// The worker reads the data; only what needs no events is answered.
    Opening,
    /// Everything asked is answered.
    Ready,
    /// Another tab has the data; what is asked waits.
    Busy,
    /// The worker died and another one starts; what is asked waits.
    Lost,
    /// A newer version was loaded in another tab, and this page loads itself again.
    Closing,
    /// Nothing works any more but loading the page again, and why.
    Fatal(String),
}
