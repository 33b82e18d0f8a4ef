"""From where links are followed: scanners' pools, offices, telephones, and proxies that companies share."""

from collections import Counter
from ipaddress import ip_address, ip_network

import pytest

from hagukumi.files import read_files
from hagukumi.letters.agents import network_of, scans
from hagukumi.workspace import CHECKOUT, open_folder
from hagukumi.world.addresses import behind_egress, of_person, of_scan, office, on_premise
from hagukumi.world.rates import EGRESS, EGRESS_NETWORKS, ON_PREMISE, SCATTERED, VENDORS

HOUSES = [f"F{number}" for number in range(400)]
OURS = [ip_network("198.18.0.0/15"), ip_network("100.64.0.0/10")]


def net(address: str) -> str:
    return network_of(ip_address(address))


def test_nobodys_address_is_anybodys_on_the_internet() -> None:
    found = [of_person("s", "P", house, f"{house}/1") for house in HOUSES]
    found += [of_scan("s", gateway, house, f"{house}/1") for gateway in VENDORS for house in HOUSES]
    assert all(any(ip_address(each) in network for network in OURS) for each in found)


@pytest.mark.parametrize("gateway", VENDORS)
def test_customers_of_a_service_share_its_networks_and_some_scans_come_from_anywhere(gateway: str) -> None:
    cloud = [house for house in HOUSES if not on_premise("s", gateway, house)]
    seen = Counter(net(of_scan("s", gateway, house, house)) for house in cloud)
    pool = sum(number for _, number in seen.most_common(VENDORS[gateway]))
    assert 1 - pool / len(cloud) == pytest.approx(SCATTERED[gateway], abs=0.04)


def test_a_gateway_in_the_cellar_hides_behind_the_address_of_the_staff() -> None:
    cellars = [house for house in HOUSES if on_premise("s", "burst", house)]
    assert len(cellars) / len(HOUSES) == pytest.approx(ON_PREMISE["burst"], abs=0.07)
    assert all(of_scan("s", "burst", house, "x") == office("s", house) for house in cellars)


def test_people_behind_a_proxy_look_like_one_network_whatever_company_they_work_for() -> None:
    houses = [house for house in HOUSES if behind_egress("s", house)]
    assert len(houses) / len(HOUSES) == pytest.approx(EGRESS, abs=0.05)
    seen = Counter(net(of_person("s", house, house, house)) for house in houses)
    assert sum(number for _, number in seen.most_common(EGRESS_NETWORKS)) > 0.6 * len(houses)


def test_the_rules_of_the_example_know_one_service_alone() -> None:
    networks = read_files(open_folder(CHECKOUT)).machines.networks
    for gateway in VENDORS:
        found = [scans(ip_address(of_scan("s", gateway, house, house)), networks) for house in HOUSES]
        known = sum(each is not None for each in found) / len(found)
        assert known > 0.9 if gateway == "declared" else known == 0
    assert not any(scans(ip_address(of_person("s", "P", house, house)), networks) for house in HOUSES)
