@echo off
rem Install ehcptime from the wheels beside this file, with no network. Use: install.bat [FOLDER]
rem FOLDER is made for it (ehcptime-env beside this file unless given) and nothing else on the machine is changed.
setlocal
set "here=%~dp0"
set "folder=%~1"
if "%folder%"=="" set "folder=%here%ehcptime-env"

py -@MAJOR@.@MINOR@ -c "import struct, sys; sys.exit(struct.calcsize('P') != 8)"
if errorlevel 1 (
    echo These wheels are for 64-bit Python @MAJOR@.@MINOR@ with its launcher "py": install it from python.org or your software centre. 1>&2
    exit /b 1
)

rem No settings of pip's own can send it to a network: --no-index leaves it the folder of wheels alone, and every wheel must have its hash.
set "PIP_CONFIG_FILE=nul"
py -@MAJOR@.@MINOR@ -m venv "%folder%"
if errorlevel 1 exit /b 1
"%folder%\Scripts\python.exe" -m pip --isolated install --quiet --disable-pip-version-check --no-index --find-links "%here%wheels" --require-hashes --requirement "%here%requirements.txt"
if errorlevel 1 exit /b 1
"%folder%\Scripts\ehcptime.exe" law plan_final
if errorlevel 1 exit /b 1
echo.
echo Installed in %folder%. To use it: "%folder%\Scripts\activate.bat" and then: ehcptime --help
