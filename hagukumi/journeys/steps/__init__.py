"""Step kinds, one file each; a kind is added by one word in KINDS. May import the core only."""

from hagukumi.journeys.steps.advertise import Advertise
from hagukumi.journeys.steps.base import Kind
from hagukumi.journeys.steps.call import Call
from hagukumi.journeys.steps.end import End
from hagukumi.journeys.steps.handover import Handover
from hagukumi.journeys.steps.if_ import If
from hagukumi.journeys.steps.invite import Invite
from hagukumi.journeys.steps.post import Post
from hagukumi.journeys.steps.repeat import Repeat
from hagukumi.journeys.steps.send import Send
from hagukumi.journeys.steps.tag import Tag
from hagukumi.journeys.steps.task import Task
from hagukumi.journeys.steps.test import Test
from hagukumi.journeys.steps.visit import Visit
from hagukumi.journeys.steps.wait import Wait
from hagukumi.journeys.steps.wait_for import WaitFor

KINDS: tuple[type[Kind], ...] = (
    Send, Invite, Post, Wait, WaitFor, If, Test, Call, Visit, Task, Tag, Advertise, Handover, Repeat, End,
)  # fmt: skip
