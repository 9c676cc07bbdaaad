"""The front door of the plugin kernel: all that a plugin and the rooms above may build on."""

from .config import API_VERSION, PluginConfig
from .confined import run_confined
from .discovery import PluginError, discover
from .installed import InstalledPlugin, installed_plugins, plugin_configs, plugin_urls
from .jobs import Job, beat_is_alive, jobs
from .prepared import EXAMPLE_KEY, Prepared, PreparedFamily, count_of, example_keys, example_words
from .prepared_writes import PreparedInsert, PreparedUpdate
from .profile_context import ProfileContext
from .profile_removal import Removal, RemovalError, loaded_demos, remove_profile
from .profile_shape import Shape, parse_shape
from .profile_yaml import Problem, ProfileError, YamlFile, parse_yaml, read_yaml
from .profiles import ProfileSection, SectionError, load_profile, profile_codes, profile_folders
from .profiles import sections as profile_sections
from .registry import Registry, UnknownCodeError, registries
from .waking import wake

__all__ = [
    "API_VERSION",
    "EXAMPLE_KEY",
    "InstalledPlugin",
    "Job",
    "PluginConfig",
    "PluginError",
    "Prepared",
    "PreparedFamily",
    "PreparedInsert",
    "PreparedUpdate",
    "Problem",
    "ProfileContext",
    "ProfileError",
    "ProfileSection",
    "Registry",
    "Removal",
    "RemovalError",
    "SectionError",
    "Shape",
    "UnknownCodeError",
    "YamlFile",
    "beat_is_alive",
    "count_of",
    "discover",
    "example_keys",
    "example_words",
    "installed_plugins",
    "jobs",
    "load_profile",
    "loaded_demos",
    "parse_shape",
    "parse_yaml",
    "plugin_configs",
    "plugin_urls",
    "profile_codes",
    "profile_folders",
    "profile_sections",
    "read_yaml",
    "registries",
    "remove_profile",
    "run_confined",
    "wake",
]
