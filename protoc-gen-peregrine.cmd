@echo off
rem The C# generator as a plugin on Windows: protoc and buf start a program of this name for --peregrine_out.
call "%~dp0peregrine.cmd" plugin
exit /b %ERRORLEVEL%
