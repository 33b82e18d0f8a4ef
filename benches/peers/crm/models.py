"""What the peer's rules ask about a user."""

from django.conf import settings
from django.db import models


class Standing(models.Model):
    """A user's company and score."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="standing")
    company = models.CharField(max_length=80)
    score = models.IntegerField(db_index=True)

    class Meta:
        app_label = "crm"
