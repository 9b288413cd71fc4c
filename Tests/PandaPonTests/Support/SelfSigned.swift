/// A certificate for localhost that nobody vouches for, made for these tests, and its key.
enum SelfSigned {
  static let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBmjCCAUGgAwIBAgIUQeDstdcOwoqLUUfEloKgy45NC60wCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzA1MTAzNFoYDzIxMjYxMDMw
    MDUxMDM0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
    PQMBBwNCAATIuUAPcs/70OC0IX/8Xfu6XpKzfOqgXHP3mCrfxIn9I7LSTmkcMc74
    morvP4y/ceg6uPGUWSD+dsV8lV7fX8Sgo28wbTAdBgNVHQ4EFgQU9FbCWt3d5CiJ
    Fb3EwGerZ9oCeHswHwYDVR0jBBgwFoAU9FbCWt3d5CiJFb3EwGerZ9oCeHswDwYD
    VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
    zj0EAwIDRwAwRAIgS2vrdf8bu7VK1Wl3irGm6mko/goaKe76kFKTfvXO6mECIBSM
    3d39rXzP/efBf+3Hq6XG/R3X+Bcc4zOgIp6iPf+E
    -----END CERTIFICATE-----
    """

  static let key = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkCNGTbVYw5drb4D+
    MVAJo1cAS5QdPx4rzLQ5X/XB8fehRANCAATIuUAPcs/70OC0IX/8Xfu6XpKzfOqg
    XHP3mCrfxIn9I7LSTmkcMc74morvP4y/ceg6uPGUWSD+dsV8lV7fX8Sg
    -----END PRIVATE KEY-----
    """
}
