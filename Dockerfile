# One image for web, worker and beat; the command decides.
FROM python:3.11-slim AS armslength
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN useradd --system --uid 10001 --home-dir /app armslength
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt
COPY . .
# Static files are collected with throw-away keys; real ones come from the environment at start.
RUN ARMSLENGTH_PRODUCTION=1 SECRET_KEY=build ARMSLENGTH_IDENTIFIERS_KEY=build ARMSLENGTH_SEQUENCE_KEY=build \
    ARMSLENGTH_AUDIT_KEY=build ARMSLENGTH_HASHES_KEY=build python manage.py collectstatic --noinput \
    && mkdir -p var/anchors && chown -R armslength var
USER armslength
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz')"]
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--access-logfile", "-", \
    "--logger-class", "config.access_log.AccessLog"]
