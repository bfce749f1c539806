"""What every test has: repeatable properties, and a few worlds to try things on."""

import hypothesis
import pytest
from builders import arbitrary

hypothesis.settings.register_profile(
    "repeatable",
    derandomize=True,  # a test that fails once fails always
    database=None,
    deadline=None,
    max_examples=25,
    suppress_health_check=list(hypothesis.HealthCheck),
)
hypothesis.settings.load_profile("repeatable")


@pytest.fixture(params=range(8), ids="seed{}".format)
def any_claims(request):
    return arbitrary(request.param)
