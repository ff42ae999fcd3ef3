# syntax=docker/dockerfile:1
# Builds the daemon (the dashboard's page with Node, the rest with the .NET SDK) and packs it on the ASP.NET runtime.

FROM node:20-bookworm-slim AS node

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# Only the Node runtime and npm are taken over; the SDK image stays what it is.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
WORKDIR /source
# Project files first: the restore is redone only when one of them changes.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt ./
COPY src/TicketBot.Domain/*.csproj src/TicketBot.Domain/
COPY src/TicketBot.Learning/*.csproj src/TicketBot.Learning/
COPY src/TicketBot.Market/*.csproj src/TicketBot.Market/
COPY src/TicketBot.Tickets/*.csproj src/TicketBot.Tickets/
COPY src/TicketBot.Trading/*.csproj src/TicketBot.Trading/
COPY src/TicketBot.Bybit/*.csproj src/TicketBot.Bybit/
COPY src/TicketBot.Simulator/*.csproj src/TicketBot.Simulator/
COPY src/TicketBot.Storage/*.csproj src/TicketBot.Storage/
COPY src/TicketBot.Research/*.csproj src/TicketBot.Research/
COPY src/TicketBot.Host/*.csproj src/TicketBot.Host/
RUN dotnet restore src/TicketBot.Host/TicketBot.Host.csproj
COPY .editorconfig appsettings.json ./
COPY src/ src/
RUN dotnet publish src/TicketBot.Host/TicketBot.Host.csproj -c Release --no-restore -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS runtime
WORKDIR /app
COPY --from=build /app ./
# The image's own user; it owns the data folder and nothing else.
RUN mkdir -p /data && chown "$APP_UID:$APP_UID" /data
USER $APP_UID
ENV DOTNET_EnableDiagnostics=0 \
    DOTNET_gcServer=0
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
# The image has no curl; bash opens the connection itself.
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && IFS= read -r line <&3 && [[ $line == *' 200 '* ]]"]
ENTRYPOINT ["dotnet", "/app/ticketbot.dll"]
CMD ["run", "--data-folder", "/data"]
