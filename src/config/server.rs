//! Where an account is served, and the rule that keeps patient data off unencrypted networks.

use std::net::IpAddr;

use reqwest::Url;

/// Where an account is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Server {
    /// The sandbox inside this process, at a port that it finds for itself.
    BuiltIn,
    /// A base URL without a slash at its end, allowed by [`Server::at`].
    At(String),
}

/// Why a text is not the address of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotServer {
    #[error("is not a URL; write it like \"https://v2.flabs.in\"")]
    Url,
    #[error(
        "must begin with https://; plain http:// is for a sandbox at a loopback address such as http://127.0.0.1:8080"
    )]
    Plain,
    #[error("must not carry a user name or password; these belong to client-id and client-secret")]
    Credentials,
    #[error("must end after the host or path; remove everything from the \"?\" or \"#\" on")]
    Tail,
}

impl Server {
    /// Takes https anywhere, and plain http to literal loopback addresses alone: a name like `localhost` may lead
    /// elsewhere on a machine whose resolver says so.
    pub fn at(text: &str) -> Result<Self, NotServer> {
        let url = Url::parse(text).map_err(|_| NotServer::Url)?;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => return Err(NotServer::Plain),
            _ => return Err(NotServer::Url),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(NotServer::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(NotServer::Tail);
        }
        Ok(Self::At(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// Nothing that is sent here reaches a patient. Https to a loopback address may be a tunnel to the live system.
    pub fn is_sandbox(&self) -> bool {
        match self {
            Self::BuiltIn => true,
            Self::At(url) => url.starts_with("http:"),
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    literal.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn https_goes_anywhere_and_is_live() {
        let server = Server::at("https://v2.flabs.in/").unwrap();
        assert_eq!(server, Server::At("https://v2.flabs.in".to_owned()));
        assert!(!server.is_sandbox());
        assert!(!Server::at("https://127.0.0.1:8443").unwrap().is_sandbox());
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        for text in ["http://127.0.0.1:8080", "http://[::1]:8080/"] {
            assert!(Server::at(text).unwrap().is_sandbox(), "{text}");
        }
        for text in [
            "http://localhost:8080",
            "http://10.0.0.1",
            "http://127.0.0.1.example.com",
            "http://v2.flabs.in",
            "http://[::2]/",
        ] {
            assert_eq!(Server::at(text), Err(NotServer::Plain), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        assert_eq!(Server::at("v2.flabs.in"), Err(NotServer::Url));
        assert_eq!(Server::at("ftp://v2.flabs.in"), Err(NotServer::Url));
        assert_eq!(
            Server::at("https://a:b@v2.flabs.in"),
            Err(NotServer::Credentials)
        );
        assert_eq!(
            Server::at("https://v2.flabs.in/?key=1"),
            Err(NotServer::Tail)
        );
    }
}
