# Three stages: front-end packages, Python packages with collected files, and what runs. No compiler, no root.

FROM node:22-bookworm-slim AS front
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-progress

FROM python:3.11-slim-bookworm AS build
ENV PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN python -m venv .venv && .venv/bin/pip install --require-hashes -r requirements/base.txt
COPY . .
COPY --from=front /app/node_modules node_modules
ENV DJANGO_SETTINGS_MODULE=settings.production STATIC_ROOT=/app/static DATA=/data
RUN .venv/bin/python -m tools.messages compile
# Collecting asks for no database and no secret; the settings do, so they get ones that last for this step.
RUN SECRET_KEY="$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    ALLOWED_HOSTS=localhost BASE_URL=https://localhost DATABASE_URL=postgres://nobody@localhost/nothing \
    .venv/bin/python manage.py collectstatic --noinput --verbosity 0
# Icons are drawn into the pages from here; everything else of the front end has been collected.
RUN mv node_modules/@tabler/icons/icons/outline icons && rm -rf node_modules \
    && mkdir -p node_modules/@tabler/icons/icons && mv icons node_modules/@tabler/icons/icons/outline

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin congso \
    && install -d -o congso /data
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=settings.production DATA=/data STATIC_ROOT=/app/static \
    PORT=8000 WEB_CONCURRENCY=2
USER congso
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/-/alive', timeout=4)"]
# gunicorn listens on $PORT and starts $WEB_CONCURRENCY processes by itself. Its log leaves out the query of addresses:
# what people search for, and the keys of news feeds.
CMD ["gunicorn", "settings.wsgi:application", "--worker-class", "gthread", "--threads", "4", "--no-control-socket", "--access-logfile", "-", \
    "--access-logformat", "%(h)s %(l)s %(u)s %(t)s \"%(m)s %(U)s %(H)s\" %(s)s %(b)s \"%(a)s\""]
