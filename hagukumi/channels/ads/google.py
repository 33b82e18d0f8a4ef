"""Google Ads by Google's own package (extra `ads`): Customer Match. EXPERIMENTAL. Start with `open_google`.

A difference becomes a job of removals and one of additions, each added in lots and started; Google works them off
within a day. The list is looked for by its name before it is made, so that a crash in between makes no second one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hagukumi.channels.ads.handing import Handing, NotTaken, Row, Told
from hagukumi.credentials import Credential
from hagukumi.journeys.core.values import Words
from hagukumi.settings import GoogleAds
from hagukumi.words.audiences import refusal

VARIABLE = "HAGUKUMI_GOOGLE_ADS"
WHOLE = re.compile(r"[\s\S]+")
LOT = 3_000
"""Members a call: Google advises 10,000 identifiers, and each member has up to three."""
PREFIX = "Hagukumi "


def open_google(settings: GoogleAds, folder: Path) -> Google:
    """The outlet. Raises NotDone: no account, no credentials, or the package is missing."""
    if not settings.customer:
        raise refusal("audience-settings", "google.customer")
    what = Words("Google広告の認証(google-ads.yaml)", "credentials of Google Ads (google-ads.yaml)")
    key = Credential("google-ads", what, VARIABLE, "ads.google.config_file", settings.config_file, folder, WHOLE)
    try:
        from google.ads.googleads.client import GoogleAdsClient
    except ImportError:
        raise refusal("audience-package", "google-ads") from None
    try:
        client = GoogleAdsClient.load_from_string(key.get())
    except (ValueError, OSError):
        raise refusal("audience-settings", "google.config_file (google-ads.yaml)") from None
    client.use_proto_plus = True
    # It writes down what Google answers, and Google quotes what it was sent.
    logging.getLogger("google.ads.googleads.client").disabled = True
    return Google(client, settings.customer.replace("-", ""))


class Google:
    """Hands over to one ad account."""

    word = "google"

    def __init__(self, client: Any, customer: str) -> None:
        self.client = client
        self.customer = customer

    def hand(self, what: Handing) -> Told:
        """Raises NotTaken with Google's code: the call may have arrived all the same."""
        from google.ads.googleads.errors import GoogleAdsException
        from google.api_core.exceptions import GoogleAPICallError, RetryError
        from google.auth.exceptions import GoogleAuthError

        try:
            remote = what.remote or self._found(what) or self._made(what)
            jobs = [
                self._job(remote, rows, remove=remove)
                for rows, remove in ((what.removed, True), (what.added, False))
                if rows
            ]
        except GoogleAdsException as trouble:
            raise NotTaken(_code(trouble)) from None
        except GoogleAuthError as trouble:
            raise NotTaken(type(trouble).__name__) from None
        except (GoogleAPICallError, RetryError) as trouble:
            status = getattr(trouble, "grpc_status_code", None)
            raise NotTaken(type(trouble).__name__ if status is None else status.name) from None
        return Told(",".join(job.rpartition("/")[2] for job in jobs), remote, remote)

    def _found(self, what: Handing) -> str | None:
        service = self.client.get_service("GoogleAdsService")
        # The names of audiences are letters, digits, hyphens and dots, so nothing has to be escaped.
        query = f"SELECT user_list.resource_name FROM user_list WHERE user_list.name = '{PREFIX}{what.name}'"
        for row in service.search(customer_id=self.customer, query=query):
            return str(row.user_list.resource_name)
        return None

    def _made(self, what: Handing) -> str:
        service, operation = self.client.get_service("UserListService"), self.client.get_type("UserListOperation")
        made = operation.create
        made.name = PREFIX + what.name
        made.description = "Hagukumi"
        made.membership_life_span = what.days
        made.crm_based_user_list.upload_key_type = self.client.enums.CustomerMatchUploadKeyTypeEnum.CONTACT_INFO
        answer = service.mutate_user_lists(customer_id=self.customer, operations=[operation])
        return str(answer.results[0].resource_name)

    def _job(self, remote: str, rows: Sequence[Row], *, remove: bool) -> str:
        service, job = self.client.get_service("OfflineUserDataJobService"), self.client.get_type("OfflineUserDataJob")
        job.type_ = self.client.enums.OfflineUserDataJobTypeEnum.CUSTOMER_MATCH_USER_LIST
        job.customer_match_user_list_metadata.user_list = remote
        if not remove:
            # Only people whose consent to ads is on record come here.
            granted = self.client.enums.ConsentStatusEnum.GRANTED
            job.customer_match_user_list_metadata.consent.ad_user_data = granted
            job.customer_match_user_list_metadata.consent.ad_personalization = granted
        name = str(service.create_offline_user_data_job(customer_id=self.customer, job=job).resource_name)
        for start in range(0, len(rows), LOT):
            operations = [*self._operations(rows[start : start + LOT], remove=remove)]
            service.add_offline_user_data_job_operations(resource_name=name, operations=operations)
        service.run_offline_user_data_job(resource_name=name)
        return name

    def _operations(self, rows: Sequence[Row], *, remove: bool) -> Iterator[Any]:
        for email, phone, first, last, country, postal in rows:
            operation = self.client.get_type("OfflineUserDataJobOperation")
            data = operation.remove if remove else operation.create
            for field, value in (("hashed_email", email), ("hashed_phone_number", phone)):
                if value:
                    identifier = self.client.get_type("UserIdentifier")
                    setattr(identifier, field, value)
                    data.user_identifiers.append(identifier)
            if first:
                identifier = self.client.get_type("UserIdentifier")
                address = identifier.address_info
                address.hashed_first_name, address.hashed_last_name = first, last
                address.country_code, address.postal_code = country, postal
                data.user_identifiers.append(identifier)
            yield operation


def _code(trouble: Any) -> str:
    """Google's own word for the first error, such as USER_LIST_ERROR.NAME_ALREADY_USED; no sentence."""
    for error in trouble.failure.errors:
        kind = error.error_code._pb.WhichOneof("error_code")
        if kind:
            return f"{kind}.{getattr(error.error_code, kind).name}"
    return str(trouble.error.code().name)
