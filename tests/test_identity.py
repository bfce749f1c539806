"""From what a provider of identities says to a person with a role. Whatever is amiss: a viewer."""

from datetime import UTC, datetime, timedelta

import pytest

from geo import identity
from geo.errors import IdentityError
from geo.store.people import Person

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SOON = int(NOW.timestamp()) + 600
AUTH = {
    "redirect_uri": "https://map.example.org/oauth2callback",
    "cookie_secret": "x" * 32,
    "client_id": "map",
    "client_secret": "secret",
    "server_metadata_url": "https://login.example.org/.well-known/openid-configuration",
}
ROLES = {
    "claim": "groups",
    "analyst": ["desk"],
    "editor": ["chiefs"],
    "analyst_emails": ["Awa@Example.org"],
    "editor_emails": ["oumar@example.org"],
}
AWA = {
    "is_logged_in": True,
    "provider": "default",
    "iss": "https://login.example.org",
    "sub": "1234",
    "email": "someone@example.org",
    "email_verified": True,
    "iat": SOON - 900,
    "exp": SOON,
    "nonce": "n",
}


def rules(auth=AUTH, **roles):
    return identity.rules({"auth": auth, "roles": ROLES | roles})


def asked(told=AWA, by=None, at=NOW, **more):
    return identity.asking(told | more, by or rules(), at)


def role(**more):
    return asked(**more).person.role


# ---- roles


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (dict(), "viewer"),
        (dict(groups=["desk"]), "analyst"),
        (dict(groups=["desk", "chiefs"]), "editor"),
        (dict(groups="chiefs"), "editor"),
        (dict(groups="desk chiefs"), "viewer"),
        (dict(groups="all-chiefs"), "viewer"),
        (dict(groups=["Chiefs"]), "viewer"),
        (dict(groups=[]), "viewer"),
        (dict(groups=None), "viewer"),
        (dict(groups=[["chiefs"], {"chiefs": True}, 1]), "viewer"),
        (dict(groups={"chiefs": True}), "viewer"),
        (dict(email="oumar@example.org"), "editor"),
        (dict(email="OUMAR@EXAMPLE.ORG"), "editor"),
        (dict(email="awa@example.org"), "analyst"),
        (dict(email="oumar@example.org", email_verified=False), "viewer"),
        (dict(email="oumar@example.org", email_verified="true"), "viewer"),
        (dict(email="oumar@example.org", email_verified=1), "viewer"),
        (dict(email=["oumar@example.org"]), "viewer"),
        (dict(email="oumar@example.org "), "viewer"),
        (dict(email="oumar@example.org\n"), "viewer"),
    ],
)
def test_a_role_is_what_is_named_for_a_claim_or_a_verified_address(told, expected):
    assert role(**told) == expected


def test_an_address_that_only_looks_alike_is_another_one():
    by = rules(editor_emails=["kadi@example.org"])
    assert role(by=by, email="kadi@example.org") == "editor"
    assert role(by=by, email="\u212aadi@example.org") == "viewer"  # the sign of the kelvin


@pytest.mark.parametrize("amiss", [None, False, "true", 1])
def test_nobody_is_anybody_before_signing_in(amiss):
    assert asked(is_logged_in=amiss, groups=["chiefs"]) == identity.ANYBODY


@pytest.mark.parametrize("without", ["iss", "sub", "provider", "is_logged_in"])
def test_a_token_without_its_owner_says_nothing(without):
    told = {name: value for name, value in AWA.items() if name != without}
    assert asked(told, groups=["chiefs"]) == identity.ANYBODY
    assert asked({**told, without: ""}, groups=["chiefs"]) == identity.ANYBODY


def test_a_provider_that_was_taken_out_vouches_for_nobody():
    assert asked(provider="elsewhere", groups=["chiefs"]) == identity.ANYBODY


def test_a_claim_may_lie_deeper_and_have_dots_in_its_name():
    deep = rules(claim=["realm_access", "roles"])
    assert role(by=deep, realm_access={"roles": ["chiefs"]}) == "editor"
    assert role(by=deep, realm_access=["chiefs"]) == "viewer"
    dotted = rules(claim="https://example.org/roles")
    assert role(by=dotted, **{"https://example.org/roles": ["desk"]}) == "analyst"


@pytest.mark.parametrize("revoked", ["someone@example.org", "the mark", "the name"])
def test_who_is_revoked_has_no_role_whatever_else_is_said(revoked):
    name = asked().person.name
    told = {"the mark": f"#{identity.mark(AWA)}", "the name": name}.get(revoked, revoked)
    by = rules(revoked=[told])
    assert role(by=by, groups=["chiefs"]) == "viewer"
    assert role(by=by, groups=["chiefs"], email="other@example.org", sub="other") == "editor"


# ---- time


@pytest.mark.parametrize(
    "amiss", [SOON - 600, SOON - 601, None, "2099", True, 1e400, float("nan"), -1e18, 1e18]
)
def test_a_sign_in_that_is_over_leaves_a_viewer(amiss):
    found = asked(exp=amiss, groups=["chiefs"])
    assert found.person.role == "viewer"
    assert found.state == identity.EXPIRED


def test_a_sign_in_lasts_as_long_as_its_token_or_the_hours_that_are_set():
    assert asked().until == NOW + timedelta(minutes=10)
    short, long = rules(hours=0.1), rules(hours=8)
    assert asked(by=short, groups=["desk"]).state == identity.SIGNED_IN
    assert asked(by=short, at=NOW + timedelta(minutes=2)).state == identity.EXPIRED
    assert asked(by=long, at=NOW + timedelta(hours=7)).state == identity.SIGNED_IN
    assert asked(by=long, at=NOW + timedelta(hours=8)).state == identity.EXPIRED
    assert asked(by=long, iat=None).state == identity.EXPIRED


# ---- names


def test_a_name_tells_two_people_apart_who_go_by_one():
    one = asked(email_verified=False, preferred_username="awa").person
    other = asked(email_verified=False, preferred_username="awa", sub="5678").person
    assert one.name != other.name
    assert not one.wrote(other.name)


def test_a_person_goes_on_owning_what_they_wrote_under_another_address():
    before, after = (asked(email=f"{name}@example.org").person for name in ("diarra", "traore"))
    assert before.name != after.name
    assert after.wrote(before.name)


def test_a_name_says_whether_anybody_vouches_for_it():
    assert asked().person.name == f"someone@example.org #{identity.mark(AWA)}"
    unverified = asked(email_verified=None, preferred_username="oumar@example.org")
    assert unverified.person.name.startswith("“oumar@example.org” #")
    assert asked(email=None).person.name.startswith("“1234” #")


@pytest.mark.parametrize(
    "told", ["x" * 500, "a\u202eb\x00c\n", "”“#0123456789", "\ud800", " ", "é" * 300, "=1+1"]
)
def test_any_name_becomes_one_the_log_can_keep(told):
    for claims in (dict(email=told), dict(email=None, preferred_username=told), dict(sub=told)):
        found = asked(**claims)
        assert isinstance(found.person, Person)
        assert found.person.name.endswith(f"#{identity.mark(AWA | claims)}")
        assert found.person.name.count("#") == 1


def test_a_typed_name_is_its_own():
    assert Person("Awa", "editor").wrote("Awa")
    assert not Person("Awa", "editor").wrote("awa@example.org #0123456789")


# ---- the configuration


def test_without_auth_nobody_signs_in():
    assert identity.rules({}) == identity.Rules()


def test_providers_go_by_their_names():
    named = {"google": {key: AUTH[key] for key in identity._WANTED}}
    shared = {key: AUTH[key] for key in ("redirect_uri", "cookie_secret")}
    assert rules().providers == ("default",)
    assert rules(shared | named).providers == ("google",)
    assert rules(AUTH | named | {"client_kwargs": {"scope": "openid"}}).providers == (
        "default",
        "google",
    )


@pytest.mark.parametrize(
    ("auth", "said"),
    [
        ({"cookie_secret": "short"}, "shorter than 32"),
        (dict(cookie_secret=1), "has no cookie_secret"),
        (dict(client_id=""), "has no client_id"),
        (dict(client_secret=None), "has no client_secret"),
        (dict(redirect_uri="http://map.example.org/oauth2callback"), "without https"),
        (dict(redirect_uri="https://map.example.org/"), "ends in /oauth2callback"),
        (dict(redirect_uri="http://localhost.example.org/oauth2callback"), "without https"),
        (dict(redirect_uri="https://[::1/oauth2callback"), "redirect_uri"),
        (dict(google={}), "has no client_id"),
    ],
)
def test_an_auth_that_is_not_as_it_must_be_lets_nobody_in(auth, said):
    with pytest.raises(IdentityError, match=said):
        rules(AUTH | auth)


@pytest.mark.parametrize(
    "host",
    ["http://localhost:{port}", "http://127.0.0.1:8501", "http://[::1]", "https://m.org/map"],
)
def test_an_address_to_come_back_to(host):
    assert rules(AUTH | {"redirect_uri": f"{host}/oauth2callback"}).providers == ("default",)


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        (dict(editor="chiefs"), "editor of .roles. is not a list"),
        (dict(editor=[1]), "editor of .roles. is not a list"),
        (dict(editor=[""]), "editor of .roles. is not a list"),
        (dict(editor_emails="oumar@example.org"), "is not a list"),
        (dict(editor_emails=["oumar"]), "not an e-mail address"),
        (dict(editor_emails=[" oumar@example.org"]), "not an e-mail address"),
        (dict(editors=["oumar"]), "editors, which means nothing"),
        (dict(claim=""), "claim"),
        (dict(claim=[]), "claim"),
        (dict(claim=1), "claim"),
        (dict(hours=0), "hours"),
        (dict(hours=25), "hours"),
        (dict(hours=True), "hours"),
        (dict(hours="8"), "hours"),
        (dict(hours=float("nan")), "hours"),
    ],
)
def test_roles_that_are_not_as_they_must_be_give_nobody_any(roles, said):
    with pytest.raises(IdentityError, match=said):
        rules(**roles)


@pytest.mark.parametrize(
    "secrets",
    [
        {"auth": []},
        {"auth": AUTH, "roles": []},
        {"roles": ROLES},
        {"auth": AUTH, "roles": {"editor": ["x"]}},
    ],
)
def test_half_a_configuration_is_none(secrets):
    with pytest.raises(IdentityError, match=r"auth|roles"):
        identity.rules(secrets)


def test_without_roles_everybody_is_a_viewer():
    by = identity.rules({"auth": AUTH})
    assert role(by=by, groups=["chiefs"], email="oumar@example.org") == "viewer"


# ---- the machine itself


def headers(host="localhost:8501", **more):
    return {"Host": host, "Origin": f"http://{host}"} | more


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost"])
def test_whoever_opens_the_page_on_the_machine_itself_sits_there(host):
    assert identity.sits_here(headers(host), None)


@pytest.mark.parametrize(
    ("told", "address"),
    [
        (headers(), "192.0.2.1"),
        ({}, None),
        ({"Host": "localhost:8501"}, None),  # no browser
        (headers("map.example.org"), None),  # a proxy, or a name that was made to point here
        (headers("localhost.example.org"), None),
        (headers("127.0.0.1.example.org"), None),
        (headers("x@localhost"), None),
        (headers("localhost:port"), None),
        (headers("localhost/x"), None),
        (headers("0.0.0.0:8501"), None),
        (headers("2130706433"), None),
        (headers(Origin="http://localhost:9999"), None),  # another program's page
        (headers(Origin="https://map.example.org"), None),
        (headers(Origin="null"), None),
        *((headers(**{name: "x"}), None) for name in ("Forwarded", "via", "X-Forwarded-For")),
        *((headers(**{name: "x"}), None) for name in ("X-Forwarded-Proto", "X-Real-Ip", "CF-Ray")),
    ],
)
def test_whoever_may_come_from_elsewhere_does_not(told, address):
    assert not identity.sits_here(told, address)
