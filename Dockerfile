# syntax=docker/dockerfile:1
ARG NODE_IMAGE=node:26-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json LICENSE README.md ./
COPY scripts ./scripts
COPY src ./src
COPY web ./web
RUN npm pack --pack-destination /tmp && npm install --global --prefix /opt/sluice /tmp/sluice-*.tgz

FROM ${NODE_IMAGE}
ENV NODE_ENV=production DATA_DIR=/data PATH=/opt/sluice/bin:$PATH
COPY --from=build /opt/sluice /opt/sluice
RUN mkdir /data && chown node:node /data
USER node
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8000}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["sluice", "serve"]
