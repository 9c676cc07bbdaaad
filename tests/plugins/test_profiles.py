"""A profile is checked completely before anything is written, and loaded all or nothing."""

from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from home.base.models import BasePage
from home.meetings.models import Meeting, Room
from home.pages.models import HomePage, NewsPage, NoticePage
from home.people.api import Department, Membership, User, department_of, head_of
from home.worktime.api import is_working_day
from plugins.api.api import ProfileError, ProfileSection, Shape, load_profile, profile_sections
from plugins.api.models import LoadedProfile

pytestmark = pytest.mark.django_db

PEOPLE = """
departments:
  - {code: VP, name: Văn phòng}
  - {code: TH, name: Phòng Tổng hợp, parent: VP}
positions:
  - {code: head, name: Trưởng phòng, rank: 10}
  - {code: officer, name: Chuyên viên, rank: 40}
groups:
  - {name: Biên tập, permissions: [wagtailadmin.access_admin]}
people:
  - username: an.nv
    name: Nguyễn Văn An
    groups: [Biên tập]
    places:
      - {department: TH, position: head, role: head}
      - {department: VP, position: officer}
"""


@pytest.fixture
def profile(tmp_path, settings):
    """Return a function that writes files of a profile called `office`."""
    settings.PROFILE_DIRS = [tmp_path]
    folder = tmp_path / "office"
    folder.mkdir()
    (folder / "profile.yaml").write_text("title: Office\nversion: 1\n")

    def write(name, text):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return write


def problems():
    with pytest.raises(ProfileError) as raised:
        load_profile("office")
    assert not Department.objects.exists() and not User.objects.exists()
    assert not LoadedProfile.objects.exists()
    return [str(problem) for problem in raised.value.problems]


def test_people_get_their_departments_places_groups_and_names(profile):
    profile("people.yaml", PEOPLE)
    load_profile("office")
    an = User.objects.get(username="an.nv")
    assert (an.last_name, an.first_name, str(an)) == ("Nguyễn Văn", "An", "Nguyễn Văn An")
    assert department_of(an).code == "TH"
    assert head_of(Department.objects.get(code="TH")) == an
    assert an.memberships.count() == 2
    assert Department.objects.get(code="TH").parent.code == "VP"
    assert an.has_perm("wagtailadmin.access_admin")


def test_loading_again_changes_nothing(profile):
    profile("people.yaml", PEOPLE)
    load_profile("office")
    before = list(User.objects.values()) + list(Membership.objects.values()) + list(Group.objects.values())
    context = load_profile("office")
    assert {outcome for _what, outcome in context.counts} == {"kept"}
    assert (
        list(User.objects.values()) + list(Membership.objects.values()) + list(Group.objects.values())
        == before
    )


def test_a_changed_file_changes_the_rows_but_never_a_login(profile):
    profile("people.yaml", PEOPLE)
    load_profile("office")
    an = User.objects.get(username="an.nv")
    an.set_password("mine")
    an.is_active = False
    an.save()
    profile("people.yaml", PEOPLE.replace("Phòng Tổng hợp", "Phòng Tổng hợp – Pháp chế"))
    load_profile("office")
    an.refresh_from_db()
    assert Department.objects.get(code="TH").name == "Phòng Tổng hợp – Pháp chế"
    assert an.check_password("mine") and not an.is_active


def test_an_unknown_key_names_file_place_line_and_known_keys(profile):
    profile("people.yaml", PEOPLE.replace("places:", "plases:"))
    (text,) = problems()
    assert "office/people.yaml" in text
    assert "people[0].plases" in text
    assert "14" in text
    assert "username, name, email" in text


def test_nothing_is_written_when_one_of_several_files_is_wrong(profile):
    profile("people.yaml", PEOPLE)
    profile("pages/news.yaml", "news:\n  - {slug: a, title: A, department: NOWHERE}\n")
    profile("stamps.yaml", "a: 1\n")
    (text,) = problems()
    assert "stamps" in text and "people" in text
    profile("pages/news.yaml", "news:\n  - {slug: a, title: A, department: NOWHERE}\n")


def test_references_are_checked_against_all_files_and_the_database(profile, tmp_path):
    profile("people.yaml", PEOPLE)
    profile("pages/news.yaml", "news:\n  - {slug: a, title: A, department: NOWHERE, author: nobody}\n")
    texts = problems()
    assert len(texts) == 2
    assert "news[0].department" in texts[0] and "NOWHERE" in texts[0] and "TH, VP" in texts[0]
    assert "news[0].author" in texts[1]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("code: TH,", "code: VP,", "departments[1].code"),
        ("parent: VP", "parent: XX", "departments[1].parent"),
        ("wagtailadmin.access_admin", "wagtailadmin.rule", "groups[0].permissions[0]"),
        ("department: TH, position: head", "department: TH, position: boss", "people[0].places[0].position"),
        ("name: Nguyễn Văn An", "name: An", "people[0].name"),
        ("groups: [Biên tập]", "groups: [Lạ]", "people[0].groups[0]"),
        ("role: head}", "role: boss}", "people[0].places[0].role"),
    ],
)
def test_what_does_not_fit_is_named_by_its_place(profile, old, new, place):
    assert old in PEOPLE
    profile("people.yaml", PEOPLE.replace(old, new))
    assert place in " ".join(problems())


def test_an_error_while_loading_takes_everything_back(profile):
    class Late(ProfileSection):
        code = "late"
        order = 999
        model = Shape

        def load(self, data, context):
            raise RuntimeError("too late")

    profile("people.yaml", PEOPLE)
    profile("late.yaml", "")
    with profile_sections.override(Late), pytest.raises(RuntimeError) as raised:
        load_profile("office")
    assert "office/late.yaml" in raised.value.__notes__[0]
    assert not Department.objects.exists()
    assert not LoadedProfile.objects.exists()


def test_a_dry_run_tries_everything_and_keeps_nothing(profile):
    profile("people.yaml", PEOPLE)
    out = StringIO()
    call_command("load_profile", "office", "--dry-run", stdout=out)
    assert "1 created" in out.getvalue()
    assert not User.objects.exists()
    assert not LoadedProfile.objects.exists()


def test_the_command_lists_every_problem(profile):
    profile("people.yaml", PEOPLE.replace("name: Nguyễn Văn An", "nom: An"))
    with pytest.raises(CommandError, match="2 problem") as raised:
        call_command("load_profile", "office")
    assert "people[0].nom" in str(raised.value) and "people[0].name" in str(raised.value)


def test_an_unknown_profile_is_answered_with_the_known_ones(profile):
    with pytest.raises(ProfileError, match="office"):
        load_profile("offise")


def test_an_older_version_is_not_loaded_over_a_newer_one(profile):
    profile("profile.yaml", "title: Office\nversion: 3\n")
    load_profile("office")
    profile("profile.yaml", "title: Office\nversion: 2\n")
    with pytest.raises(ProfileError, match="3"):
        load_profile("office")


def test_only_a_demo_profile_gives_a_known_password_and_only_when_one_is_set(profile, settings):
    settings.DEMO_PASSWORD = "known-to-all"
    profile("people.yaml", PEOPLE)
    load_profile("office")
    assert not User.objects.get().has_usable_password()
    more = PEOPLE.replace("an.nv", "binh.nv").replace("role: head", "role: member")
    profile("profile.yaml", "title: Office\nversion: 1\ndemo: true\n")
    profile("people.yaml", more)
    load_profile("office")
    assert User.objects.get(username="binh.nv").check_password("known-to-all")
    settings.DEMO_PASSWORD = ""
    profile("people.yaml", more.replace("binh.nv", "chi.nv"))
    load_profile("office")
    assert not User.objects.get(username="chi.nv").has_usable_password()


PAGES = """
home: {title: Trang chủ}
news_index: {title: Tin tức, slug: tin-tuc}
news:
  - slug: phien-hop
    title: Phiên họp
    department: TH
    author: an.nv
    days_ago: 3
    body: |
      Trước ngày {+5} <script>x</script>

      ## Mục

      - một
      - hai
notices:
  - {slug: noi-bo, title: Nội bộ, department: TH, audience: [TH], number: 1/TB-TH, pinned_days: 2}
"""


def test_the_page_tree_takes_over_what_wagtail_ships(profile):
    profile("people.yaml", PEOPLE)
    profile("pages/all.yaml", PAGES)
    with time_machine.travel("2026-11-23 10:00+07:00"):
        load_profile("office")
    home = HomePage.objects.get()
    assert home.get_site().root_page.specific == home
    assert not BasePage.objects.filter(slug="home").exists()
    news = NewsPage.objects.get()
    assert news.url == "/tin-tuc/phien-hop/"
    assert news.live and news.published_on == date(2026, 11, 20)
    html = str(news.body)
    assert "28/11/2026" in html and "<h2>Mục</h2>" in html and "<li>hai</li>" in html
    assert "<script>" not in html
    notice = NoticePage.objects.get()
    assert [d.code for d in notice.audience_departments.all()] == ["TH"]
    assert notice.pinned_until == date(2026, 11, 25)


def test_pages_that_editors_changed_stay_theirs_and_dates_count_from_the_first_load(profile):
    profile("people.yaml", PEOPLE)
    profile("pages/all.yaml", PAGES)
    with time_machine.travel("2026-11-23 10:00+07:00"):
        load_profile("office")
    NewsPage.objects.update(title="Đã sửa")
    with time_machine.travel("2026-12-23 10:00+07:00"):
        load_profile("office")
    news = NewsPage.objects.get()
    assert (news.title, news.published_on) == ("Đã sửa", date(2026, 11, 20))
    assert LoadedProfile.objects.get().anchor_on == date(2026, 11, 23)


MEETINGS = """
rooms:
  - {name: Phòng 1, capacity: 20}
meetings:
  - {code: a, title: Giao ban, weekday: 1, start: "08:00", end: "09:00", room: Phòng 1, chair: an.nv, organiser: an.nv}
  - {code: b, title: Ngày lễ, weekday: 2, start: "08:00", end: "09:00", room: Phòng 1, chair: an.nv, organiser: an.nv}
"""


def test_meetings_stand_in_the_week_of_loading_and_days_off_stay_free(profile):
    profile("people.yaml", PEOPLE)
    profile("meetings.yaml", MEETINGS)
    with time_machine.travel("2026-11-25 10:00+07:00"):
        first = load_profile("office")
        second = load_profile("office")
    meeting = Meeting.objects.get()
    assert meeting.title == "Giao ban"
    assert meeting.starts_at.astimezone(meeting.starts_at.tzinfo).date() - timedelta(days=0) == date(
        2026, 11, 23
    )
    assert Room.objects.get().capacity == 20
    outcomes = {outcome for what, outcome in first.counts if "eeting" in what or "họp" in what}
    assert "left out" in outcomes
    assert Meeting.objects.count() == 1 and second.counts


def test_a_room_that_is_taken_names_the_meeting(profile):
    profile("people.yaml", PEOPLE)
    profile("meetings.yaml", MEETINGS.replace("weekday: 2", "weekday: 1"))
    with time_machine.travel("2026-11-25 10:00+07:00"), pytest.raises(ProfileError) as raised:
        load_profile("office")
    assert "meetings[1].room" in str(raised.value)
    assert not Meeting.objects.exists() and not User.objects.exists()


def test_a_dossier_type_that_names_nobody_is_refused_with_its_place(profile):
    profile("people.yaml", PEOPLE)
    profile(
        "dossier_types/x.yaml",
        """
code: x
title: X
register: {code: X, pattern: "{number}/{year}"}
form:
  sections:
    - fields: [{key: subject, kind: text, label: S, required: true}]
flow:
  steps:
    - {id: a, kind: approve, title: A, who: {head_of: NOWHERE}, fallback: {head_of: VP}}
""",
    )
    (text,) = problems()
    assert "office/dossier_types/x.yaml" in text
    assert "flow.steps[0].who" in text and "NOWHERE" in text


WORKTIME = """
holidays:
  - {on: 2026-12-08, name: Ngày thành lập, part: afternoon}
make_up_days:
  - {on: 2026-12-12, name: Làm bù}
hours:
  - {weekdays: [5], department: TH, morning: ["08:00", "11:00"]}
"""


def test_the_calendar_is_loaded_and_counts(profile):
    profile("people.yaml", PEOPLE)
    profile("worktime.yaml", WORKTIME)
    load_profile("office")
    assert is_working_day(date(2026, 12, 12))
    assert is_working_day(date(2026, 12, 19), department=Department.objects.get(code="TH"))
    assert not is_working_day(date(2026, 12, 19))
    assert {outcome for _what, outcome in load_profile("office").counts} == {"kept"}


def test_a_day_that_is_no_day_is_named(profile):
    profile("people.yaml", PEOPLE)
    profile("worktime.yaml", WORKTIME.replace("2026-12-08", "2026-13-08").replace("TH", "NOWHERE"))
    (text,) = problems()
    assert "holidays[0].on" in text
