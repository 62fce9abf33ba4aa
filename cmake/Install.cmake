# `cmake --install`: program, man page, completions, all under MTRACE_INSTALL_NAME.
set(name ${MTRACE_INSTALL_NAME})
install(PROGRAMS $<TARGET_FILE:mtrace> DESTINATION ${CMAKE_INSTALL_BINDIR} RENAME ${name})

# The man page and the completions name the program: a copy with the installed name.
foreach(file man/mtrace.1 completions/mtrace.bash completions/_mtrace)
	if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
		file(READ ${file} text)
		if(NOT name STREQUAL "mtrace")
			string(REGEX REPLACE "(^|[^a-zA-Z0-9_./])mtrace( |\n|$)" "\\1${name}\\2" text "${text}")
		endif()
		file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/install/${file} "${text}")
		set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
	endif()
endforeach()
set(dir ${CMAKE_CURRENT_BINARY_DIR}/install)
install(FILES ${dir}/man/mtrace.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
	RENAME ${name}.1 OPTIONAL)
install(FILES ${dir}/completions/mtrace.bash RENAME ${name}
	DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions OPTIONAL)
install(FILES ${dir}/completions/_mtrace RENAME _${name}
	DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions OPTIONAL)

file(GLOB tools CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/*.mt)
install(PROGRAMS ${tools} DESTINATION ${CMAKE_INSTALL_DATADIR}/${name}/tools)
