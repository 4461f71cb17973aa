# Threadmill and the Prefect it runs in: for `docker compose up`, see docs/operate.md.
FROM python:3.12-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY threadmill threadmill
COPY flows flows
COPY sql sql
COPY docs docs
COPY data/vocabulary data/vocabulary
RUN python -m venv /opt/threadmill
RUN /opt/threadmill/bin/pip install --no-cache-dir --disable-pip-version-check --constraint constraints.txt '.[report]'

FROM python:3.12-slim-bookworm
COPY --from=build /opt/threadmill /opt/threadmill
ENV PATH=/opt/threadmill/bin:$PATH \
    THREADMILL_HOME=/project \
    PREFECT_HOME=/project/.prefect \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    DO_NOT_TRACK=1
RUN useradd --uid 1000 --create-home threadmill && mkdir -p /project/data/raw && chown -R threadmill /project
USER threadmill
WORKDIR /project
ENTRYPOINT ["threadmill"]
CMD ["run"]
