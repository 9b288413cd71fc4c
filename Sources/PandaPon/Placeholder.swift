import AsyncHTTPClient
import Crypto
enum P {}
