# The released bar in an image. Guests' phones reach it under a name that you give:
#   docker build -t serverlesspresso .
#   docker run --init -p 4000:4000 -v bar:/data -e HOST_NAMES=192.168.1.20 serverlesspresso
# The volume holds the bar's folder, and beside it what its commands write:
#   docker exec NAME serverlesspresso backup bar.tar
# docs/operating.md says what 0.0.0.0 opens, and to whom.
FROM node:24-slim AS build
WORKDIR /src
COPY . .
RUN npm run pack
WORKDIR /app
RUN npm install --omit=dev --ignore-scripts --no-audit --no-fund /src/dist/serverlesspresso-[0-9]*.tgz \
  # The image has a Node of its own.
  && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM node:24-slim
COPY --from=build /app /app
RUN mkdir /data && chown node:node /data
ENV PATH=/app/node_modules/.bin:$PATH
# Only what listens on every address of the container is reached from outside it.
ENV HOST=0.0.0.0 DATA_DIR=/data/bar
USER node
WORKDIR /data
VOLUME /data
EXPOSE 4000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 4000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["serverlesspresso"]
