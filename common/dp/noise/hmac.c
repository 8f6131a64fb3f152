#include <sodium.h>

#include "dp/noise/noise.h"

void
dp_hmac(const uint8_t *secret, size_t secret_len, const void *data, size_t n,
    uint8_t tag[32])
{
	crypto_auth_hmacsha256_state s;

	crypto_auth_hmacsha256_init(&s, secret, secret_len);
	crypto_auth_hmacsha256_update(&s, data, n);
	crypto_auth_hmacsha256_final(&s, tag);
	sodium_memzero(&s, sizeof s);
}
