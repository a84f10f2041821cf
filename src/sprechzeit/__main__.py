from sprechzeit.cli import main

main()
