"""The list of stamps."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .models import Stamp


@login_required
def stamps(request: HttpRequest) -> HttpResponse:
    """Show all stamps."""
    return render(request, "congso_stamps/list.html", {"stamps": Stamp.objects.all()})
