@echo off
rem The peregrine command-line tool on Windows: builds it, which takes no time when nothing has changed, and runs it with the arguments given.
setlocal
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set DOTNET_NOLOGO=1
set DOTNET_TieredPGO=0
if not defined ArtifactsPath set "ArtifactsPath=%~dp0artifacts"
rem Standard output belongs to the tool: a plugin writes its answer there.
dotnet build "%~dp0src\Peregrine.Cli\Peregrine.Cli.csproj" -c Release -v quiet -nologo -p:RunAnalyzers=false 1>&2
if errorlevel 1 (
  echo peregrine: the tool could not be built; the errors are above. 1>&2
  exit /b 70
)
dotnet exec "%ArtifactsPath%\bin\Peregrine.Cli\release\Peregrine.Cli.dll" %*
exit /b %ERRORLEVEL%
