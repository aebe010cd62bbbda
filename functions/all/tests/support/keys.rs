//! A key pair of the tests: it signs nothing that anybody else believes.

pub const PRIVATE_PEM: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIFt8w8NeRfoHcpOKwPlZZWI26cSiquPJhTY8UlvAHgmL
-----END PRIVATE KEY-----
";

pub const PUBLIC_PEM: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAxkasuRxudwCoz3kZf3gxVG6tm1cmhwmi/SSm7IavcCQ=
-----END PUBLIC KEY-----
";
