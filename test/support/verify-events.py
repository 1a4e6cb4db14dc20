"""Verifies Security Event Tokens with a JWT stack that is not ours, as a partner's service in Python would.

First argument: the stack. Standard input: {"jwks": …, "issuer": …, "tokens": [{"token", "audience"}]}.
Standard output: for each token {"claims": …} or {"refused": <name of the error>}.
"""

import json
import sys


def with_pyjwt(jwks, issuer):
    import jwt

    keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(jwks).keys}
    required = ["iss", "iat", "jti", "aud", "events"]

    def verify(token, audience):
        header = jwt.get_unverified_header(token)
        assert header["typ"] == "secevent+jwt"
        return jwt.decode(
            token,
            keys[header["kid"]].key,
            algorithms=["RS256"],
            audience=audience,
            issuer=issuer,
            options={"require": required},
        )

    return verify


def with_jwcrypto(jwks, issuer):
    from jwcrypto import jwk, jwt

    keys = jwk.JWKSet.from_json(json.dumps(jwks))

    def verify(token, audience):
        checked = jwt.JWT(
            jwt=token,
            key=keys,
            algs=["RS256"],
            check_claims={"iss": issuer, "aud": audience, "jti": None, "events": None},
        )
        assert json.loads(checked.header)["typ"] == "secevent+jwt"
        return json.loads(checked.claims)

    return verify


def with_authlib(jwks, issuer):
    from authlib.jose import JsonWebKey, JsonWebToken

    keys = JsonWebKey.import_key_set(jwks)

    def verify(token, audience):
        options = {
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": audience},
            "jti": {"essential": True},
            "events": {"essential": True},
        }
        claims = JsonWebToken(["RS256"]).decode(token, keys, claims_options=options)
        claims.validate()
        assert claims.header["typ"] == "secevent+jwt"
        return dict(claims)

    return verify


stacks = {"jwt": with_pyjwt, "jwcrypto": with_jwcrypto, "authlib": with_authlib}


def answer(verify, given):
    try:
        return {"claims": verify(given["token"], given["audience"])}
    except Exception as error:
        return {"refused": type(error).__name__}


asked = json.load(sys.stdin)
verify = stacks[sys.argv[1]](asked["jwks"], asked["issuer"])
json.dump([answer(verify, given) for given in asked["tokens"]], sys.stdout)
