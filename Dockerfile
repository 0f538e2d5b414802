# syntax=docker/dockerfile:1
# Pin the base by its digest: docker build --build-arg NODE_IMAGE=node:26-slim@sha256:… .
ARG NODE_IMAGE=node:26-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json LICENSE README.md ./
COPY scripts ./scripts
COPY src ./src
COPY web ./web
RUN npm pack --pack-destination /tmp && npm install --global --prefix /opt/sluice /tmp/sluice-*.tgz

FROM ${NODE_IMAGE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title=sluice org.opencontainers.image.version=${VERSION} \
  org.opencontainers.image.licenses=MIT
ENV NODE_ENV=production DATA_DIR=/data PATH=/opt/sluice/bin:$PATH NODE_COMPILE_CACHE=/opt/sluice/cache
COPY --from=build /opt/sluice /opt/sluice
COPY ops/docker/health.sh /opt/sluice/bin/sluice-health
RUN mkdir /data /opt/sluice/cache && chown node:node /data /opt/sluice/cache
USER node
# One start writes the compiled code: the root of a container may be read-only.
RUN DATA_DIR=/tmp/once HOST=127.0.0.1 sluice serve & pid=$!; until sluice-health; do sleep 0.1; done; \
  kill "$pid" && wait "$pid" && rm -r /tmp/once
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["sluice-health"]
CMD ["sluice", "serve"]
