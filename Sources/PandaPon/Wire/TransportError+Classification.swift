import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension TransportError {
  /// What an error of the HTTP client means for the request. What is not known to have come before the first byte
  /// counts as sent.
  init(classifying error: any Error, host: String) {
    self =
      switch error {
      case let error as TransportError: error
      case let error as HTTPClientError: Self(error)
      case let error as NIOConnectionError: Self(error)
      case let error as NIOSSLError: Self(error)
      case let error as NIOSSLExtraError: Self(error)
      case ChannelError.connectTimeout: .connectionTimeout
      case let error as IOError: Self(error, host)
      case is ChannelError, HTTPParserError.invalidEOFState: .connectionLost
      case is HTTPParserError: .unclear("the answer is not HTTP")
      case is CancellationError: .cancelled
      default: .unclear(String(describing: type(of: error)))
      }
  }

  private init(_ error: HTTPClientError) {
    switch error {
    case .connectTimeout, .tlsHandshakeTimeout, .socksHandshakeTimeout, .httpProxyHandshakeTimeout:
      self = .connectionTimeout
    case .getConnectionFromPoolTimeout: self = .noConnection
    case .invalidURL, .emptyHost, .emptyScheme, .alreadyShutdown: self = .unsendable(error.shortDescription)
    case .deadlineExceeded, .readTimeout, .writeTimeout: self = .timeout
    case .remoteConnectionClosed, .uncleanShutdown: self = .connectionLost
    case .cancelled: self = .cancelled
    default:
      self =
        Self.unsent.contains(error.shortDescription)
        ? .unsendable(error.shortDescription) : .unclear(error.shortDescription)
    }
  }

  /// Errors about headers carry the headers, so they cannot be matched by value; they are raised before sending.
  private static let unsent: Set<String> = [
    HTTPClientError.invalidHeaderFieldNames([]).shortDescription,
    HTTPClientError.invalidHeaderFieldValues([]).shortDescription,
    HTTPClientError.unsupportedScheme("").shortDescription,
  ]

  private init(_ error: NIOConnectionError) {
    guard let first = error.connectionErrors.first else {
      self = .nameUnresolved(error.host)
      return
    }
    if case ChannelError.connectTimeout = first.error {
      self = .connectionTimeout
    } else {
      let reason = (first.error as? IOError).map { Self.text(of: $0) } ?? "the connection failed"
      self = .connectionFailed("\(error.host) port \(error.port): \(reason)")
    }
  }

  /// An address that was written as numbers is connected to without a name, and fails as the system says it. These
  /// errors only come before there is a connection; others may come from one that carried the request.
  private init(_ error: IOError, _ host: String) {
    switch error.errnoCode {
    case ECONNREFUSED, EADDRNOTAVAIL, EAFNOSUPPORT, EMFILE, ENFILE:
      self = .connectionFailed("\(host): \(Self.text(of: error))")
    default: self = .connectionLost
    }
  }

  private static func text(of error: IOError) -> String {
    switch error.errnoCode {
    case ECONNREFUSED: "connection refused"
    case EMFILE, ENFILE: "too many open files"
    case EHOSTUNREACH, ENETUNREACH: "no route to it"
    case ETIMEDOUT: "timed out"
    default: "system error \(error.errnoCode)"
    }
  }

  private init(_ error: NIOSSLError) {
    switch error {
    case .handshakeFailed(let cause): self = .encryptionFailed("the handshake failed (\(Self.reason(of: cause)))")
    case .unableToValidateCertificate, .noCertificateToValidate:
      self = .encryptionFailed("the certificate could not be verified")
    default: self = .connectionLost
    }
  }

  private static func reason(of cause: BoringSSLError) -> String {
    let text = String(describing: cause)
    if text.contains("CERTIFICATE_VERIFY_FAILED") { return "its certificate is not trusted" }
    if text.contains("WRONG_VERSION_NUMBER") { return "the other side does not speak TLS" }
    return "TLS error"
  }

  private init(_ error: NIOSSLExtraError) {
    switch error {
    case .failedToValidateHostname: self = .encryptionFailed("its certificate is for another host")
    case .serverHostnameImpossibleToMatch, .cannotUseIPAddressInSNI, .invalidSNIHostname:
      self = .encryptionFailed("the host's name cannot be verified")
    default: self = .connectionLost
    }
  }
}
